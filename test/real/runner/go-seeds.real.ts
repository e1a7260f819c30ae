/** What a seed holds of the standard library is compiled for the first Go module of a host, and for no other one after it. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createArtifactStore } from "../../../src/adapters/runner/local/create-artifact-store.ts";
import {
  createLocalRunner,
  type LocalRunner,
} from "../../../src/adapters/runner/local/create-local-runner.ts";
import { findProgram } from "../../../src/adapters/runner/local/programs.ts";
import { createTestSource, type TestSource } from "../../../src/adapters/runner/local/test-source.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";

const minutes = 60_000;
let place: string;
let source: TestSource;
let runner: LocalRunner;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "connectsoft-seeds-"));
  source = await createTestSource();
  runner = createLocalRunner({
    root: join(place, "runner"),
    sourceControl: source.sourceControl,
    artifacts: createArtifactStore({ root: join(place, "artifacts") }),
    goSeed: ["encoding/json"],
  });
});
afterAll(async () => {
  await runner.stop();
  await source.stop();
  await rm(place, { recursive: true, force: true });
});

test("Go compiles encoding/json for the first module and not for the second, with and without -trimpath", {
  timeout: 15 * minutes,
}, async ({ skip }) => {
  if (findProgram("go", process.env.PATH ?? "") === undefined) skip("go is not on this host");
  const first = await delivered("rooms");
  expect(first.build.output).toMatch(/^encoding\/json$/m);
  await vi.waitFor(async () => expect(await seeds()).toHaveLength(1), {
    timeout: 10 * minutes,
    interval: 500,
  });
  const second = await delivered("doors");
  expect(second.build.output).toMatch(/^example\.com\/doors$/m);
  expect(second.build.output).not.toMatch(/^encoding\/json$/m);
  expect(second.test.output).not.toMatch(/^encoding\/json$/m);
  const took = ({ build, test }: typeof first) => `build ${build.durationMs} ms, test ${test.durationMs} ms`;
  console.log(`first: ${took(first)}; second: ${took(second)}, with the copy ${second.whole} ms`);
});

/** `-v` names what is compiled. */
async function delivered(name: string) {
  const files = {
    "go.mod": `module example.com/${name}\n\ngo 1.22\n`,
    "main.go": `package main\n\nimport "encoding/json"\n\nfunc main() { _, _ = json.Marshal(nil) }\n`,
    "main_test.go": `package main\n\nimport "testing"\n\nfunc TestRises(t *testing.T) {}\n`,
  };
  const committed = await source.commit(files);
  const inferred = inferModule({ files, paths: Object.keys(files), folderName: name, overrides: {} });
  const module = {
    ...inferred,
    build: ["go", "build", "-v", "-trimpath", "-o", `bin/${name}`, "."],
    test: ["go", "build", "-v", "-o", "bin/again", "."],
  } satisfies ModuleSpec;
  const about = { tenantId: "vetclinic-001", module, folder: "", targetBranch: "main", environments: [] };
  const { signal } = new AbortController();
  const run = (stage: "build" | "test") =>
    runner.run({
      ...committed,
      model: modelFor(about),
      module,
      stage,
      invocationId: name,
      signal,
      progress() {},
    });
  const built = await run("build");
  const tested = await run("test");
  const [build, test] = [built.steps.find((step) => step.name === "build"), tested.steps.at(-1)];
  if (build === undefined || test === undefined) throw new Error(JSON.stringify([built, tested]));
  expect([build.exitCode, test.exitCode], `${build.output}\n${test.output}`).toEqual([0, 0]);
  return { build, test, whole: built.durationMs };
}

async function seeds(): Promise<string[]> {
  const names = await readdir(join(place, "runner", "seeds")).catch(() => []);
  return names.filter((name) => name !== "unfinished");
}
