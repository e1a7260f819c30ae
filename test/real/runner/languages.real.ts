/** Every language whose tools are on this host: built, tested, and started from its artifact by its real tools. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createArtifactStore,
  type LocalArtifactStore,
} from "../../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../../src/adapters/runner/local/create-local-runner.ts";
import { findProgram } from "../../../src/adapters/runner/local/programs.ts";
import { createTestSource, type TestSource } from "../../../src/adapters/runner/local/test-source.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";
import { isDescribing } from "../../../src/domain/stack/stacks.ts";
import type { PipelineRunner, StageReport } from "../../../src/ports/pipeline-runner.ts";
import { goSeed, runnerRoot } from "../support/go-seed.ts";
import { type Example, examples } from "./examples.ts";

const minutes = 60_000;
let place: string;
let source: TestSource;
let artifacts: LocalArtifactStore;
let runner: PipelineRunner;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "connectsoft-languages-"));
  source = await createTestSource();
  artifacts = createArtifactStore({ root: join(place, "artifacts") });
  const { sourceControl } = source;
  runner = createLocalRunner({
    root: await runnerRoot(join(place, "runner")),
    sourceControl,
    artifacts,
    goSeed,
  });
});
afterAll(async () => {
  await source.stop();
  await rm(place, { recursive: true, force: true });
});

test.for(examples)(
  "$name is built, tested, and runs from its artifact",
  { timeout: 15 * minutes },
  async (example, { skip }) => {
    const missing = example.needs.find(
      (program) => findProgram(program, process.env.PATH ?? "") === undefined,
    );
    if (missing !== undefined) skip(`${missing} is not on this host`);
    const { asks } = example;
    const answers =
      asks === undefined ||
      (await fetch(asks).then(
        ({ ok }) => ok,
        () => false,
      ));
    if (!answers) skip(`${asks} has no answer for this host`);
    const { module, run } = await prepared(example);
    const built = await run("build");
    expect(built.status, tail(built)).toBe("Success");
    const tested = await run("test");
    expect(tested.status, tail(tested)).toBe("Success");
    if (example.tests !== undefined) expect(tested.tests, tail(tested)).toMatchObject(example.tests);
    const artifact = await artifacts.open(built.artifact?.digest ?? "");
    for (const path of example.leftOut) await expect(access(join(artifact, path))).rejects.toThrow("ENOENT");
    expect(await answerOf(artifact, module.start, module.environment ?? {})).toBe(example.answer);
    console.log(
      `${example.name}: build ${built.durationMs} ms, test ${tested.durationMs} ms, steps ${sumOfSteps(built)} + ${sumOfSteps(tested)} ms, network ${tested.network}, ${JSON.stringify(built.toolchain)}, inventory ${built.inventory?.length}, tests ${JSON.stringify(tested.tests)}`,
    );
  },
);

async function prepared({ name, files }: Example) {
  const committed = await source.commit(files);
  const paths = Object.keys(files);
  const described = Object.fromEntries(Object.entries(files).filter(([path]) => isDescribing(path)));
  const module = inferModule({
    files: described,
    paths,
    folderName: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    overrides: {},
  });
  const model = modelFor({
    tenantId: "vetclinic-001",
    module,
    folder: "",
    targetBranch: "main",
    environments: [],
  });
  const { signal } = new AbortController();
  const run = (stage: "build" | "test") =>
    runner.run({ ...committed, model, module, stage, invocationId: name, signal, progress() {} });
  return { module, run };
}

/** Starts the module as a target would, and asks it. */
async function answerOf(
  directory: string,
  [program = "", ...args]: string[],
  environment: Record<string, string>,
): Promise<string> {
  const port = await freePort();
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: place,
    PORT: String(port),
    SERVER_PORT: String(port),
    ...environment,
  };
  const child = spawn(program, args, {
    cwd: directory,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  try {
    return await Promise.race([
      ended,
      expect
        .poll(() => ask(port), { timeout: minutes })
        .not.toBe("")
        .then(() => ask(port)),
    ]);
  } finally {
    ended.catch(() => {});
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  }
}

async function ask(port: number): Promise<string> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.text(),
    () => "",
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function tail({ steps }: StageReport): string {
  return steps
    .map(({ name, exitCode, ended, output }) => `${name}: ${ended} ${exitCode}\n${output.slice(-3000)}`)
    .join("\n");
}

function sumOfSteps({ steps }: StageReport): number {
  return steps.reduce((sum, step) => sum + step.durationMs, 0);
}
