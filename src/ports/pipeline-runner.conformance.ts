/** What every runner keeps to, with its artifact store; called by the test of each adapter. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { access, lstat, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { samplePipelineModel } from "../../test/support/pipeline-model.ts";
import type { PipelineModel, PipelineStep } from "../domain/pipeline/pipeline-model.ts";
import type { ArtifactStore, PipelineRunner, StageReport } from "./pipeline-runner.ts";

export type ModuleFiles = Record<string, string | Uint8Array>;

export interface RunnerUnderTest {
  runner: PipelineRunner;
  artifacts: ArtifactStore;
  /** Puts files on a commit of a repository that the runner can check out. */
  commit(files: ModuleFiles): Promise<{ repository: string; commit: string; tree: string }>;
  stop(): Promise<void>;
}

export function pipelineRunnerConformance(name: string, create: () => Promise<RunnerUnderTest>): void {
  describe(`${name} as pipeline runner`, () => {
    let subject: RunnerUnderTest;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.stop());

    const build = (source: Source, model: PipelineModel, more: Partial<RunRequest> = {}) =>
      run(source, { model, stage: "build", ...more });
    const check = (source: Source, model: PipelineModel, more: Partial<RunRequest> = {}) =>
      run(source, { model, stage: "test", ...more });

    function run(source: Source, request: Pick<RunRequest, "model" | "stage"> & Partial<RunRequest>) {
      const { signal } = new AbortController();
      return subject.runner.run({
        ...source,
        invocationId: "invocation-1",
        signal,
        progress() {},
        ...request,
      });
    }

    test("builds exactly the commit and keeps the bytes that came out, under their digest", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "server.js": "serve();\n",
        "make.js": 'require("node:fs").writeFileSync("made.txt", "made\\n");\n',
      });
      const report = await build(source, modelWith({ build: ["node", "make.js"] }));
      expect(report).toMatchObject({
        stage: "build",
        status: "Success",
        commit: source.commit,
        tree: source.tree,
      });
      const { digest, files, bytes } = artifactOf(report);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await subject.artifacts.has(digest)).toBe(true);
      const folder = await subject.artifacts.open(digest);
      expect(await readFile(join(folder, "made.txt"), "utf8")).toBe("made\n");
      expect(await readFile(join(folder, "server.js"), "utf8")).toBe("serve();\n");
      expect(files).toBe(4);
      expect(bytes).toBe(sizesOf(folder, ["package.json", "server.js", "make.js", "made.txt"]));
      expect((await lstat(join(folder, "server.js"))).mode & 0o222).toBe(0);
    });

    test("gives the same artifact for the same commit, also when the build is not reproducible", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "make.js": 'require("node:fs").writeFileSync("made.txt", String(process.hrtime.bigint()));\n',
      });
      const model = modelWith({ build: ["node", "make.js"] });
      const first = artifactOf(await build(source, model));
      const second = artifactOf(await build(source, model, { invocationId: "invocation-2" }));
      expect(second).toEqual(first);
    });

    test("a build that fails gives no artifact, and says what it printed", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "make.js": "throw new Error('no flour');\n",
      });
      const report = await build(source, modelWith({ build: ["node", "make.js"] }));
      expect(report.status).toBe("Failed");
      expect(report.artifact).toBeUndefined();
      expect(report.steps.at(-1)).toMatchObject({ name: "build", ended: "exited", exitCode: 1 });
      expect(report.steps.at(-1)?.output).toContain("Error: no flour");
      // Named from the module's folder: the one in which it ran is gone.
      expect(report.steps.at(-1)?.output).toMatch(/^make\.js:1$/m);
    });

    test("tests run on the built tree, and their numbers are read", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "make.js": 'require("node:fs").writeFileSync("made.txt", "made");\n',
        "a.test.js": testFile('require("node:fs").accessSync("made.txt")'),
      });
      const model = modelWith({ build: ["node", "make.js"], test: ["node", "--test"] });
      await build(source, model);
      const report = await check(source, model);
      expect(report).toMatchObject({
        stage: "test",
        status: "Success",
        commit: source.commit,
        tree: source.tree,
      });
      expect(report.tests).toEqual({ total: 1, passed: 1, failed: 0, skipped: 0 });
      const again = await check(source, model);
      expect(again).toMatchObject({ status: "Success", tests: { passed: 1 } });
    });

    test("a failing test fails the stage, with its numbers and words", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "a.test.js": `${testFile("")}${testFile("throw new Error('out of eggs')", "eggs")}`,
      });
      const report = await check(source, modelWith({ test: ["node", "--test"] }));
      expect(report).toMatchObject({
        status: "Failed",
        tests: { total: 2, passed: 1, failed: 1, skipped: 0 },
      });
      expect(report.steps.at(-1)?.output).toContain("out of eggs");
    });

    test("a test that hangs is ended with all that it started when its time is up", async () => {
      const source = await subject.commit({ "package.json": manifest({}), "hang.js": hanging });
      const lines: string[] = [];
      const model = modelWith({ test: ["node", "hang.js"] }, 1);
      const report = await check(source, model, { progress: (line) => lines.push(line) });
      expect(report.status).toBe("Failed");
      expect(report.steps).toMatchObject([{ name: "test", ended: "timeout" }]);
      const pids = pidsIn(lines);
      expect(pids).toHaveLength(2);
      expect(pids.filter(isAlive)).toEqual([]);
    });

    test("a cancelled run leaves no process, also none that left its group", async () => {
      const source = await subject.commit({ "package.json": manifest({}), "hang.js": hanging });
      const lines: string[] = [];
      const cancellation = new AbortController();
      const report = await check(source, modelWith({ test: ["node", "hang.js", "detached"] }), {
        signal: cancellation.signal,
        progress(line) {
          lines.push(line);
          if (pidsIn(lines).length === 2) cancellation.abort();
        },
      });
      expect(report.status).toBe("Failed");
      expect(report.steps).toMatchObject([{ name: "test", ended: "cancelled" }]);
      expect(pidsIn(lines).filter(isAlive)).toEqual([]);
    });

    test("a run that is cancelled before it begins starts nothing", async () => {
      const source = await subject.commit({ "package.json": manifest({}), "hang.js": hanging });
      const signal = AbortSignal.abort();
      const report = await check(source, modelWith({ test: ["node", "hang.js"] }), { signal });
      expect(report.steps).toMatchObject([{ ended: "cancelled", exitCode: null }]);
    });

    test("a command that is not there is reported by name", async () => {
      const source = await subject.commit({ "package.json": manifest({}) });
      const report = await check(source, modelWith({ test: ["no-such-program", "x"] }));
      expect(report.steps).toMatchObject([{ ended: "not-started", exitCode: null }]);
      expect(report.steps[0]?.output).toContain("no-such-program");
    });

    test("a step sees nothing of ours: no database address, no token, no home", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "env.js": "console.log(JSON.stringify(process.env));\n",
      });
      process.env.DATABASE_URL = "postgres://user:password@localhost/db";
      try {
        const report = await check(source, modelWith({ test: ["node", "env.js"] }));
        const seen = JSON.parse(report.steps[0]?.output ?? "{}");
        expect(seen).toMatchObject({ CI: "true" });
        expect(seen.HOME).not.toBe(process.env.HOME);
        const ours = ["npm_config_update_notifier", "GIT_CEILING_DIRECTORIES"];
        const ofShells = ["PWD", "OLDPWD", "SHLVL", "_"];
        const names = ["PATH", "HOME", "TMPDIR", "LANG", "CI", "NO_COLOR", ...ours, ...ofShells];
        expect(Object.keys(seen).filter((key) => !names.includes(key))).toEqual([]);
      } finally {
        delete process.env.DATABASE_URL;
      }
    });

    test("shows lines while they are printed, and keeps the last 64 KiB of them", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "talk.js": 'for (let i = 0; i < 20000; i++) console.log("line " + i);\n',
      });
      const lines: string[] = [];
      const report = await check(source, modelWith({ test: ["node", "talk.js"] }), {
        progress: (line) => lines.push(line),
      });
      expect(lines.filter((line) => line.startsWith("line "))).toHaveLength(20000);
      const output = report.steps[0]?.output ?? "";
      expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024);
      expect(output.endsWith("line 19999")).toBe(true);
    });

    test("credentials in what is printed do not reach the report", async () => {
      const source = await subject.commit({
        "package.json": manifest({}),
        "talk.js": 'console.log("GET https://jane:hunter2@registry.example/x");\n',
      });
      const report = await check(source, modelWith({ test: ["node", "talk.js"] }));
      expect(report.steps[0]?.output).toBe("GET https://***@registry.example/x");
    });

    test("an artifact holds the resolved dependencies that run needs, and tests have the others too", async () => {
      const source = await subject.commit(withDependencies());
      const model = modelWith({ test: ["node", "test.js"] });
      const built = await build(source, model);
      expect(built.status, built.steps.at(-1)?.output).toBe("Success");
      const folder = await subject.artifacts.open(artifactOf(built).digest);
      expect(
        JSON.parse(await readFile(join(folder, "node_modules/flour/package.json"), "utf8")).version,
      ).toBe("1.2.3");
      await access(join(folder, "node_modules/.bin/mill"));
      for (const path of ["node_modules/taster", "node_modules/.bin/taste"])
        await expect(lstat(join(folder, path))).rejects.toThrow("ENOENT");
      const tested = await check(source, model);
      expect(tested.status, tested.steps.at(-1)?.output).toBe("Success");
      const again = await check(source, model);
      expect(again.status, again.steps.at(-1)?.output).toBe("Success");
      expect(again.steps).toHaveLength(1);
    });

    test("dependencies that cannot be resolved fail the build at its install step", async () => {
      const source = await subject.commit({
        "package.json": manifest({ dependencies: { flour: "file:vendor/not-there.tgz" } }),
      });
      const report = await build(source, modelWith({}));
      expect(report).toMatchObject({ status: "Failed", steps: [{ name: "install", ended: "exited" }] });
    });

    test("an artifact that was never built is not found", async () => {
      const unknown = `sha256:${"0".repeat(64)}`;
      expect(await subject.artifacts.has(unknown)).toBe(false);
      await expect(subject.artifacts.open(unknown)).rejects.toMatchObject({ refusal: { code: "NotFound" } });
      await expect(subject.artifacts.open("../../etc")).rejects.toMatchObject({
        refusal: { code: "InputInvalid" },
      });
    });
  });
}

const npmInstall = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

type Source = Awaited<ReturnType<RunnerUnderTest["commit"]>>;
type RunRequest = Parameters<PipelineRunner["run"]>[0];

/** Prints its own pid and that of a child, and neither ends by itself; `detached` takes the child out of the group. */
const hanging = `
const { spawn } = require("node:child_process");
const detached = process.argv[2] === "detached";
const forever = "setInterval(() => {}, 1000); console.log('pid ' + process.pid)";
console.log("pid " + process.pid);
spawn(process.execPath, ["-e", forever], { detached, stdio: "inherit" });
setInterval(() => {}, 1000);
`;

function modelWith(commands: { build?: string[]; test?: string[] }, timeoutSeconds = 60): PipelineModel {
  const step = (name: string, run: string[] | undefined): PipelineStep[] =>
    run === undefined ? [] : [{ name, run, timeoutSeconds }];
  return samplePipelineModel({
    moduleId: "bakery",
    locked: false,
    manifestFiles: ["package.json"],
    stages: [
      {
        name: "build",
        steps: [...step("install", npmInstall), ...step("build", commands.build)],
      },
      { name: "test", steps: step("test", commands.test) },
    ],
    retry: { limit: 0, backoffSeconds: 0 },
  });
}

function manifest(more: object): string {
  return JSON.stringify({ name: "bakery", version: "1.0.0", private: true, ...more });
}

function testFile(body: string, title = "bread"): string {
  return `require("node:test").test(${JSON.stringify(title)}, () => { ${body} });\n`;
}

/** A module with a dependency that runs and one that only develops, both packed: no registry is asked. */
function withDependencies(): ModuleFiles {
  return {
    "package.json": manifest({
      dependencies: { flour: "file:vendor/flour.tgz" },
      devDependencies: { taster: "file:vendor/taster.tgz" },
    }),
    "vendor/flour.tgz": packed({ name: "flour", version: "1.2.3", bin: { mill: "main.js" } }),
    "vendor/taster.tgz": packed({ name: "taster", version: "3.2.1", bin: { taste: "main.js" } }),
    "test.js": 'require("flour"); require("taster");\n',
  };
}

function packed(description: object): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  try {
    mkdirSync(join(folder, "package"));
    writeFileSync(join(folder, "package/package.json"), JSON.stringify({ ...description, main: "main.js" }));
    writeFileSync(join(folder, "package/main.js"), "#!/usr/bin/env node\nmodule.exports = {};\n");
    execFileSync("tar", ["-czf", join(folder, "packed.tgz"), "-C", folder, "package"]);
    return readFileSync(join(folder, "packed.tgz"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function artifactOf(report: StageReport): { digest: string; files: number; bytes: number } {
  if (report.artifact === undefined) throw new Error(`no artifact: ${JSON.stringify(report.steps.at(-1))}`);
  return report.artifact;
}

function sizesOf(folder: string, names: string[]): number {
  return names.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
}

function pidsIn(lines: string[]): number[] {
  return lines.filter((line) => line.startsWith("pid ")).map((line) => Number(line.slice(4)));
}

/** A process that ended and that its parent did not ask for yet (a zombie) is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
