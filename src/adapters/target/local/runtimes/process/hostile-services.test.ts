import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findHierarchies } from "./control-groups.ts";
import { groupsOfProcess } from "./instance-group.ts";
import { identify } from "./process-identity.ts";
import { type ProcessFixture, processFixture } from "./process-runtime-fixture.ts";

let fixture: ProcessFixture;
beforeAll(async () => {
  fixture = await processFixture();
});
afterAll(() => fixture.dispose());

const hierarchies = findHierarchies();
const hasGroups = Object.values(hierarchies).every((one) => "parent" in one);
const mebibyte = 1024 ** 2;
const forever = "setInterval(() => {}, 1000);";
const isGone = (pid: string) => identify(Number(pid)) === undefined;
const pidsIn = (output: string) => output.trim().split(/\s+/);

test("what a service forks ends with it", async () => {
  const { instance, output } = await fixture.run(
    `const { spawn } = require("node:child_process");
     const child = spawn("sleep", ["1000"]); console.log(child.pid); ${forever}`,
  );
  await expect.poll(output).not.toBe("");
  await instance.end(5_000);
  expect(pidsIn(await output()).every(isGone)).toBe(true);
});

test("a service that ignores SIGTERM is ended after its grace period, and not before", async () => {
  const { instance, exit, output } = await fixture.run(
    `process.on("SIGTERM", () => console.log("no")); console.log("up"); ${forever}`,
  );
  await expect.poll(output).toContain("up");
  const begunMs = performance.now();
  await instance.end(400);
  expect(performance.now() - begunMs).toBeGreaterThan(390);
  expect(await exit).toEqual({ code: null, signal: "SIGKILL" });
  expect(await output()).toContain("no");
});

test("a service that ends on SIGTERM is not waited for", async () => {
  const { instance, exit, output } = await fixture.run(
    `process.on("SIGTERM", () => process.exit(0)); console.log("up"); ${forever}`,
  );
  await expect.poll(output).toContain("up");
  const begunMs = performance.now();
  await instance.end(60_000);
  expect(performance.now() - begunMs).toBeLessThan(10_000);
  expect(await exit).toEqual({ code: 0, signal: null });
});

test("a service that closes its output and renames itself is found, adopted and ended", async () => {
  const { launch, instance, output } = await fixture.run(
    `console.log("up"); require("node:fs").closeSync(1); require("node:fs").closeSync(2);
     process.title = "x".repeat(5000); process.env.CONNECTSOFT_SERVICE = "another"; ${forever}`,
  );
  await expect.poll(output).toContain("up");
  expect((await fixture.runtime.find(launch.marker)).get(launch.marker)).toEqual(instance.identity);
  await instance.end(0);
  expect(isGone(String(instance.identity.pid))).toBe(true);
});

test.runIf(hasGroups)(
  "a daemon that detaches itself twice and forgets its environment ends with the service",
  async () => {
    const { launch, instance, output } = await fixture.run(
      `require("node:child_process").spawn("sh", ["-c", "setsid env -i sh -c 'setsid sleep 1000 & echo $!; exec sleep 1000'"], { stdio: "inherit" });
     ${forever}`,
    );
    await expect.poll(output).toMatch(/\d+/);
    await expect.poll(() => instance.usage()?.processes).toBeGreaterThanOrEqual(3);
    await instance.end(0);
    expect(pidsIn(await output()).every(isGone)).toBe(true);
    expect((await fixture.runtime.find(launch.marker)).size).toBe(0);
  },
);

test.runIf(hasGroups)("a service that goes into the background has ended, and it is said why", async () => {
  const { exit, output } = await fixture.run(
    `const child = require("node:child_process").spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
     console.log(child.pid); child.unref();`,
  );
  expect(await exit).toEqual({
    code: 0,
    signal: null,
    because: "its first process ended and left one behind, ended with it: a service stays in the foreground",
  });
  expect(pidsIn(await output()).every(isGone)).toBe(true);
});

test.runIf(hasGroups)("limits are enforced, read back, and gone with the instance", async () => {
  const limits = { memoryBytes: 256 * mebibyte, processes: 64, cpus: 0.5 };
  const { launch, instance, output } = await fixture.run(`console.log("up"); ${forever}`, { limits });
  await expect.poll(output).toContain("up");
  const version = "version" in hierarchies.memory ? hierarchies.memory.version : 0;
  const words = fixture.runtime.enforcement(launch).map((one) => `${one.enforced} ${one.words}`);
  expect(words.slice(1)).toEqual([
    `true memory 256 MiB: enforced by cgroup v${version}`,
    `true processes 64: enforced by cgroup v${version}`,
    `true cpus 0.5: enforced by cgroup v${version}`,
  ]);
  expect(instance.usage()?.memoryBytes).toBeGreaterThan(10 * mebibyte);
  const groups = Object.values(groupsOfProcess(instance.identity.pid, hierarchies));
  expect(groups.length).toBe(3);
  await instance.end(0);
  expect(groups.filter((group) => existsSync(group))).toEqual([]);
});

test.runIf(hasGroups)(
  "a service that leaks memory past its limit is ended by the kernel, and it is named",
  async () => {
    const leak = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 * 1024 ** 2, 1)), 5);`;
    const { exit } = await fixture.run(leak, { limits: { memoryBytes: 128 * mebibyte } });
    expect(await exit).toEqual({
      code: null,
      signal: "SIGKILL",
      because: "the kernel ended it: it used more than its 128 MiB of memory",
    });
  },
);

test.runIf(hasGroups)("a leak is named also where the instance was adopted", async () => {
  const leak = `process.on("SIGTERM", () => { const kept = []; setInterval(() => kept.push(Buffer.alloc(8 * 1024 ** 2, 1)), 5); });
    console.log("up"); ${forever}`;
  const { launch, instance, output } = await fixture.run(leak, { limits: { memoryBytes: 128 * mebibyte } });
  await expect.poll(output).toContain("up");
  instance.letGo();
  const because = new Promise((resolve) => {
    void fixture.runtime.adopt(instance.identity, launch, (exit) => resolve(exit.because));
  });
  process.kill(instance.identity.pid, "SIGTERM");
  expect(await because).toBe("the kernel ended it: it used more than its 128 MiB of memory");
});

test.runIf(hasGroups)(
  "a fork bomb stays within its limit, harms nobody else and is ended whole",
  async () => {
    const limits = { processes: 40 };
    const bomb = `const { spawn } = require("node:child_process");
    spawn("sh", ["-c", "bomb() { while :; do sleep 1000 & done; }; bomb"], { stdio: "ignore" }).on("error", () => {});
    console.log("up"); ${forever}`;
    const { instance, output } = await fixture.run(bomb, { limits });
    await expect.poll(output).toContain("up");
    await expect.poll(() => instance.usage()?.processes ?? 0).toBeGreaterThan(15);
    expect(instance.usage()?.processes).toBeLessThanOrEqual(40);
    await instance.end(0);
    expect(instance.usage()).toBeUndefined();
  },
);

test.runIf(hasGroups)("a namespace's limit bounds its instances together", async () => {
  const directory = `${fixture.root}/target`;
  const namespace = "small-dev";
  const held = await fixture.runtime.limitNamespace(directory, namespace, { memoryBytes: 512 * mebibyte });
  expect(held.map(({ enforced }) => enforced)).toEqual([true]);
  // Both are up before either grows: a runtime that starts at the limit has its program's pages taken back for ever.
  const grows = `process.on("SIGTERM", () => { globalThis.kept = Buffer.alloc(250 * 1024 ** 2, 1); console.log("full"); });
    console.log("up"); ${forever}`;
  const first = await fixture.run(grows, { namespace });
  const second = await fixture.run(grows, { namespace });
  await expect.poll(first.output).toContain("up");
  await expect.poll(second.output).toContain("up");
  process.kill(first.instance.identity.pid, "SIGTERM");
  await expect.poll(first.output).toContain("full");
  process.kill(second.instance.identity.pid, "SIGTERM");
  const ended = await Promise.race([first.exit, second.exit]);
  expect(ended).toMatchObject({ signal: "SIGKILL", because: expect.stringContaining("the kernel ended it") });
});

test("no core dump is written, which would hold secrets", async () => {
  const { output } = await fixture.run(
    `console.log(/^Max core file size.*$/m.exec(require("node:fs").readFileSync("/proc/self/limits", "utf8"))[0]); ${forever}`,
  );
  await expect.poll(output).toMatch(/core file size +0 +0 /);
});

test.runIf(hasGroups)(
  "what a supervisor that was killed left is found, also where only a child is left",
  async () => {
    const { launch, instance, output } = await fixture.run(
      `const child = require("node:child_process").spawn("sleep", ["1000"], { detached: true, env: {} }); console.log(child.pid); ${forever}`,
    );
    await expect.poll(output).not.toBe("");
    const found = (await fixture.runtime.find(`${fixture.root}/target|`)).get(launch.marker);
    expect(found).toEqual(instance.identity);
    if (found !== undefined) await fixture.runtime.kill(found);
    expect(pidsIn(await output()).every(isGone)).toBe(true);
  },
);
