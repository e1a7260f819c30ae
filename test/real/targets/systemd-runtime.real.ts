/** Units run by a real systemd: this host's, or one that is started as the first process of a container. */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSystemdRuntime } from "../../../src/adapters/target/local/runtimes/systemd/systemd-runtime.ts";
import { unitText } from "../../../src/adapters/target/local/runtimes/systemd/unit-file.ts";
import { unitSettings } from "../../../src/adapters/target/local/runtimes/systemd/unit-settings.ts";
import { execute } from "../deployables/tools.ts";
import { runInsideSystemd } from "./inside-systemd.ts";
import { runtimeCases } from "./runtime-cases.ts";

const analyze = await execute("systemd-analyze", ["--version"]).then(
  () => true,
  () => false,
);

test.skipIf(!analyze)("systemd's own verifier has nothing to say of a generated unit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "unit-"));
  const file = join(folder, "connectsoft-1-1.service");
  const paths = { directory: "/usr", environmentFile: join(folder, "variables"), stopSeconds: 10 };
  const limits = { memoryBytes: 268_435_456, processes: 50, cpus: 0.5 };
  const system = { dynamicUser: false, readOnly: ["/usr"], writable: [folder], closed: ["/root"] };
  const text = unitText({
    description: "shop 100% of acme",
    marker: "/data|acme/shop/release-000001#0",
    command: ["/bin/sh", "-c", 'echo "50% of $HOME"; exec sleep 1', "\\", "\t"],
    settings: unitSettings({ ...paths, limits, system }),
    output: join(folder, "output.log"),
  });
  try {
    await writeFile(file, text);
    const { stdout, stderr } = await execute("systemd-analyze", ["verify", file]);
    expect(`${stdout}${stderr}`).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});

const missing = await createSystemdRuntime().unavailable();

if (missing === undefined)
  runtimeCases("systemd", async () => ({
    runtime: createSystemdRuntime(),
    another: () => createSystemdRuntime(),
    limitsMemory: existsSync("/sys/fs/cgroup/cgroup.controllers"),
  }));
else
  describe("systemd in a container", () => {
    test("runs units as this host's would", async (context) => {
      const result = await runInsideSystemd("test/real/targets/systemd-runtime.real.ts");
      if ("missing" in result) return context.skip(`${missing}, and ${result.missing}`);
    });
  });
