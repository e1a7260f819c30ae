/** Which engine is taken, where programs of ours stand in for podman and docker. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createContainerRuntime } from "./container-runtime.ts";

const docker = `#!${process.execPath}
console.log(JSON.stringify({ ServerVersion: "25.0.0", MemoryLimit: true, PidsLimit: true, CgroupVersion: "2" }));
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engines-"));
  writeFileSync(join(folder, "docker"), docker, { mode: 0o755 });
  vi.stubEnv("PATH", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("the one that an environment names is taken and no other, and its absence is said", async () => {
  const runtime = createContainerRuntime();
  expect(await runtime.unavailable({ engine: "podman" })).toBe(
    "containers of podman cannot be run on this host: podman is not installed",
  );
  expect(await runtime.unavailable({ engine: "docker" })).toBeUndefined();
  expect(await runtime.unavailable()).toBeUndefined();
});
