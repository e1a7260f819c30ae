/** Modules that are too much: of files, of output, of time. Each ends clearly, and nothing half written stays. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createArtifactStore } from "../../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../../src/adapters/runner/local/create-local-runner.ts";
import { createGitSourceControl } from "../../../src/adapters/source-control/git/git-source-control.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../../src/domain/pipeline/pipeline-model.ts";
import type { PipelineRunner } from "../../../src/ports/pipeline-runner.ts";
import type { SourceControl } from "../../../src/ports/source-control.ts";

let place: string;
let sourceControl: SourceControl;
let runner: PipelineRunner;
let count = 0;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "connectsoft-excess-"));
  sourceControl = createGitSourceControl({ root: join(place, "repositories") });
  const artifacts = createArtifactStore({ root: join(place, "artifacts") });
  runner = createLocalRunner({ root: join(place, "runner"), sourceControl, artifacts });
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = join(place, `folder-${++count}`);
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  return folder;
}

async function committed(folder: string) {
  const repository = `excess/module-${++count}`;
  const { tree } = await sourceControl.importFolder({ repository, folder });
  const commit = await sourceControl.commit({
    repository,
    branch: "main",
    base: "main",
    content: { tree },
    subject: "feat: add a module",
    trailers: {},
    author: { name: "Baker", email: "baker@example.invalid" },
    at: "2026-01-01T00:00:00Z",
    invocationId: repository,
  });
  return { repository, commit: commit.commit, tree: commit.tree };
}

async function run(files: Record<string, string>, stage: "build" | "test", seconds = 600) {
  const source = await committed(await folderOf(files));
  const module = inferModule({ files, paths: Object.keys(files), folderName: "bakery" });
  const model = modelFor({ tenantId: "t", module, folder: "", targetBranch: "main", environments: [] });
  const { signal } = new AbortController();
  const invocationId = source.repository;
  return runner.run({
    ...source,
    model: within(model, seconds),
    module,
    stage,
    invocationId,
    signal,
    progress() {},
  });
}

function within(model: PipelineModel, timeoutSeconds: number): PipelineModel {
  const stages = model.stages.map(({ name, steps }) => ({
    name,
    steps: steps.map((step) => (step.name === "install" ? step : { ...step, timeoutSeconds })),
  }));
  return { ...model, stages };
}

const manifest = (scripts: Record<string, string>) =>
  JSON.stringify({ name: "bakery", version: "1.0.0", scripts: { start: "node server.js", ...scripts } });

test("a module of 100,000 files is committed whole", async () => {
  const folder = await folderOf({ "package.json": manifest({}), "server.js": "" });
  for (let part = 0; part < 100; part += 1) {
    await mkdir(join(folder, `part-${part}`));
    const names = Array.from({ length: 1000 }, (_, index) => `file-${index}.txt`);
    await Promise.all(
      names.map((name) => writeFile(join(folder, `part-${part}`, name), `${part} ${name}\n`)),
    );
  }
  const { repository, tree } = await committed(folder);
  const files = await sourceControl.listFiles(repository, tree);
  expect(files).toHaveLength(100_002);
  expect(await sourceControl.readFiles(repository, tree, ["part-99/file-999.txt"])).toEqual({
    "part-99/file-999.txt": "99 file-999.txt\n",
  });
});

test("tests that print 1 GB are read to their end, and 64 KiB of it are kept", async () => {
  const report = await run(
    {
      "package.json": manifest({ test: "node print.js" }),
      "server.js": "",
      "print.js": `const line = "x".repeat(1023) + "\\n";
const block = Buffer.from(line.repeat(1024));
for (let sent = 0; sent < 1024; sent += 1) require("node:fs").writeSync(1, block);
require("node:fs").writeSync(1, "the last words\\n");
`,
    },
    "test",
  );
  expect(report.status).toBe("Success");
  const output = report.steps.at(-1)?.output ?? "";
  expect(output).toContain("the last words");
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024);
});

test("a build that starts the service and never ends is given up, without an artifact or a rest of its work", async () => {
  const report = await run(
    {
      "package.json": manifest({ build: "node server.js" }),
      "server.js": `require("node:http").createServer(() => {}).listen(0, "127.0.0.1");\n`,
    },
    "build",
    3,
  );
  expect(report).toMatchObject({ status: "Failed" });
  expect(report.artifact).toBeUndefined();
  expect(report.steps.at(-1)).toMatchObject({ name: "build", ended: "timeout" });
  expect(await readdir(join(place, "runner", "work"))).toEqual([]);
});
