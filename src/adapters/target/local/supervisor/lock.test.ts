import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "supervisor-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("the lock of a process that lives stays taken, also when nothing in it refers to the lock", async () => {
  const path = join(folder, "supervisor.lock");
  const program = join(folder, "holder.mjs");
  const module = fileURLToPath(new URL("./lock.ts", import.meta.url));
  await writeFile(program, holder(module, path));
  const child = fork(program, { execArgv: ["--expose-gc"] });
  expect(await once(child, "message")).toEqual(["collected", undefined]);
  expect(takeLock(path)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = takeLock(path);
  expect(lock).toBeDefined();
  lock?.release();
});

function holder(module: string, path: string): string {
  return `
import { takeLock } from ${JSON.stringify(module)};
if (takeLock(${JSON.stringify(path)}) === undefined) process.exit(1);
setTimeout(() => {
  gc();
  setTimeout(() => process.send("collected"), 50);
}, 50);
setInterval(() => {}, 1000);
`;
}
