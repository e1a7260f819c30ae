import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test, vi } from "vitest";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import { createArtifactStore } from "./create-artifact-store.ts";
import { createLocalRunner } from "./create-local-runner.ts";
import { fileFailure } from "./file-failure.ts";
import { createTestSource, type TestSource } from "./test-source.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const stop of stops.splice(0)) await stop();
});

test("what a killed worker left running and lying about is gone after the next run", async () => {
  const source = await started();
  const module = await source.commit({ "package.json": "{}", "hang.js": hangs });
  const script = join(source.folder, "worker.ts");
  await writeFile(script, workerScript(source.folder, module));
  const worker = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const orphan = await pidFrom(worker.stdout);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  expect(isAlive(orphan)).toBe(true);
  expect(await readdir(join(source.folder, "runner/work"))).toHaveLength(1);

  const report = await runnerOf(source).run(request(module, "test", ["node", "-p", "1"]));
  expect(report.status).toBe("Success");
  expect(isAlive(orphan)).toBe(false);
  expect(await readdir(join(source.folder, "runner/work"))).toEqual([]);
});

test("half an artifact of a killed worker does not count and is removed", async () => {
  const source = await started();
  const root = join(source.folder, "artifacts");
  await mkdir(join(root, "unfinished", "999999999-half"), { recursive: true });
  await writeFile(join(root, "unfinished", "999999999-half", "a.txt"), "a");
  const module = await source.commit({ "package.json": "{}", "a.txt": "a" });
  const report = await runnerOf(source).run(request(module, "build", ["true"]));
  expect(report.status).toBe("Success");
  expect(await readdir(join(root, "unfinished"))).toEqual([]);
});

test("a built tree that nobody tested for a day is removed, a fresh one is not", async () => {
  const source = await started();
  const prepared = join(source.folder, "runner/prepared");
  await mkdir(join(prepared, "old"), { recursive: true });
  await mkdir(join(prepared, "fresh"));
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(prepared, "old"), longAgo, longAgo);
  const module = await source.commit({ "package.json": "{}" });
  await runnerOf(source).run(request(module, "test", ["true"]));
  expect(await readdir(prepared)).toEqual(["fresh"]);
});

test("a module without a lock file is resolved once: its tests, run again, get what the build got", async () => {
  const source = await started();
  const module = await source.commit({
    "package.json": JSON.stringify({ name: "a", version: "1.0.0", dependencies: { b: "file:./b" } }),
    "b/package.json": JSON.stringify({ name: "b", version: "1.0.0" }),
  });
  const runner = runnerOf(source);
  const model = request(module, "build", ["true"]).model;
  await runner.run({ ...request(module, "build", ["true"]), model });
  const lines: string[] = [];
  const progress = (line: string) => lines.push(line);
  await runner.run({ ...request(module, "test", ["true"]), model, progress });
  expect(lines.filter((line) => line.startsWith("$ npm"))).toEqual([]);
  await runner.run({ ...request(module, "test", ["true"]), model, progress });
  expect(lines.filter((line) => line.startsWith("$ npm"))).toEqual([expect.stringMatching(/^\$ npm ci /)]);
});

test("an artifact that was changed in the store is built again and not handed out", async () => {
  const source = await started();
  const module = await source.commit({ "package.json": "{}", "a.txt": "a" });
  const runner = runnerOf(source);
  const built = await runner.run(request(module, "build", ["true"]));
  const digest = built.artifact?.digest ?? "";
  const folder = join(source.folder, "artifacts", digest.replace(":", "-"));
  await writeFile(join(folder, "extra.js"), "");
  const again = await runner.run(request(module, "build", ["true"]));
  expect(again.artifact?.digest).toBe(digest);
  expect(await readdir(folder)).toEqual(["a.txt", "package.json"]);
});

test("a worker without npm says so before it starts anything, where the module needs it", async () => {
  const source = await started();
  vi.stubEnv("PATH", join(source.folder, "nothing-here"));
  const git = source.sourceControl.checkout;
  vi.unstubAllEnvs();
  const plain = await source.commit({ "package.json": "{}" });
  const needy = await source.commit({ "package.json": '{"dependencies":{"a":"1.0.0"}}' });
  const runner = createLocalRunner({
    root: join(source.folder, "runner"),
    artifacts: createArtifactStore({ root: join(source.folder, "artifacts") }),
    sourceControl: {
      async checkout(repository, commit, directory) {
        await git(repository, commit, directory);
        vi.stubEnv("PATH", join(source.folder, "nothing-here"));
      },
    },
  });
  await expect(runner.run(request(needy, "build", ["node", "-p", "1"]))).rejects.toMatchObject({
    refusal: { code: "Unavailable", message: expect.stringContaining("npm is not on the PATH") },
  });
  vi.unstubAllEnvs();
  expect((await runner.run(request(plain, "build", ["node", "-p", "1"]))).status).toBe("Success");
});

test("a full disk is a refusal that names the folder and the way on", async () => {
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  expect(fileFailure("/data/artifacts", full)).toMatchObject({
    refusal: {
      code: "Unavailable",
      message: expect.stringContaining("/data/artifacts is full"),
      next: expect.stringContaining("Free some space"),
    },
  });
  const source = await started();
  const module = await source.commit({
    "package.json": "{}",
    "full.js": 'console.error("write error: No space left on device"); process.exit(1);\n',
  });
  await expect(runnerOf(source).run(request(module, "build", ["node", "full.js"]))).rejects.toMatchObject({
    refusal: { code: "Unavailable" },
  });
  expect(await readdir(join(source.folder, "runner/work"))).toEqual([]);
});

const hangs = 'console.log("pid " + process.pid); setInterval(() => {}, 1000);\n';

async function started(): Promise<TestSource> {
  const source = await createTestSource();
  stops.push(source.stop);
  return source;
}

function runnerOf(source: TestSource) {
  const artifacts = createArtifactStore({ root: join(source.folder, "artifacts") });
  return createLocalRunner({
    root: join(source.folder, "runner"),
    sourceControl: source.sourceControl,
    artifacts,
  });
}

function request(module: Awaited<ReturnType<TestSource["commit"]>>, stage: "build" | "test", run: string[]) {
  const step = { name: stage, run, timeoutSeconds: 60 };
  const install = { name: "install", run: ["npm", "install", "--ignore-scripts"], timeoutSeconds: 60 };
  const model = samplePipelineModel({
    moduleId: "bakery",
    locked: false,
    manifestFiles: ["package.json"],
    stages: [
      { name: "build", steps: stage === "build" ? [install, step] : [install] },
      { name: "test", steps: stage === "test" ? [step] : [{ ...step, name: "test" }] },
    ],
    retry: { limit: 0, backoffSeconds: 0 },
  });
  const { signal } = new AbortController();
  return { ...module, model, stage, invocationId: "invocation-1", signal, progress: (_line: string) => {} };
}

/** A worker as a process of its own: this folder's runner on this module's hanging test. */
function workerScript(folder: string, module: Awaited<ReturnType<TestSource["commit"]>>): string {
  const here = import.meta.dirname;
  return `
    import { execFileSync } from "node:child_process";
    import { mkdirSync } from "node:fs";
    import { createArtifactStore } from ${JSON.stringify(join(here, "create-artifact-store.ts"))};
    import { createLocalRunner } from ${JSON.stringify(join(here, "create-local-runner.ts"))};
    const artifacts = createArtifactStore({ root: ${JSON.stringify(join(folder, "artifacts"))} });
    const sourceControl = {
      async checkout(repository, commit, directory) {
        mkdirSync(directory, { recursive: true });
        execFileSync("git", ["--git-dir", repository, "--work-tree", directory, "checkout", "-q", commit, "--", "."]);
      },
    };
    const runner = createLocalRunner({ root: ${JSON.stringify(join(folder, "runner"))}, sourceControl, artifacts });
    const request = ${JSON.stringify(request(module, "test", ["node", "hang.js"]))};
    await runner.run({ ...request, signal: new AbortController().signal, progress: (line) => console.log(line) });
  `;
}

async function pidFrom(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output }))
    if (line.startsWith("pid ")) return Number(line.slice(4));
  throw new Error("the worker ended before its test began");
}

/** A process that ended and that nobody has asked for yet (a zombie) is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
