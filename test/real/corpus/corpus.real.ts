/**
 * Real modules, as their registries ship them: recognised as a person would, every file generated and validated,
 * and the quick ones built, tested and started from what was built.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../../src/adapters/runner/local/programs.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { RefusalError } from "../../../src/domain/refusal.ts";
import { corpus } from "./corpus.ts";
import { type CorpusModule, type Started, type Tried, titleOf } from "./corpus-module.ts";
import { NotToBeHad } from "./fetch/archive.ts";
import { errorsIn, filesOf, generate } from "./generate.ts";
import { askModule, runModule, type StartPlace } from "./start-module.ts";
import { summaryOf, tail } from "./summary.ts";
import { type Committed, type Delivered, modelOf, openWorkplace, type Workplace } from "./workplace.ts";

let workplace: Workplace;
beforeAll(async () => {
  workplace = await openWorkplace();
});
afterAll(() => workplace.close());

type Skip = (why: string) => never;

for (const { language, modules } of corpus)
  describe.concurrent(language, () => {
    for (const module of modules)
      test(`${titleOf(module)} ${promiseOf(module)}`, ({ skip }) => check(module, skip));
  });

function promiseOf(module: CorpusModule): string {
  if ("refused" in module) return `is refused: ${module.refused.rightly}`;
  if ("buildFails" in module) return `does not build: ${module.buildFails.rightly}`;
  if ("notBuilt" in module) return "is recognised, and what is generated is valid";
  const { tests, start } = module.tried;
  const tested = tests === undefined || (typeof tests === "object" && "notTried" in tests) ? "" : ", tested";
  return `is recognised, and generated for, built${tested}, and ${"asks" in start ? "answers" : "runs"}`;
}

async function check(of: CorpusModule, skip: Skip): Promise<void> {
  const committed = await fetchedOrSkipped(of, skip);
  if ("refused" in of) {
    const refused = await workplace.recognise(of, committed).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusalError);
    if (!(refused instanceof RefusalError)) return;
    expect(refused.refusal).toMatchObject({ code: of.refused.code });
    expect(refused.refusal.message).toContain(of.refused.says);
    return;
  }
  const module = await workplace.recognise(of, committed);
  expect(summaryOf(module)).toEqual(of.recognised);
  await checkGenerated(module);
  if ("notBuilt" in of) return;
  requireToolchain(module, skip);
  const delivered = { committed, module, model: modelOf(module) };
  if ("tried" in of) return tryOut(of.tried, delivered);
  const built = await workplace.run("build", delivered);
  expect(built.status).toBe("Failed");
  expect(built.artifact).toBeUndefined();
  expect(built.steps.at(-1)).toMatchObject({ name: of.buildFails.step, ended: "exited" });
  expect(built.steps.at(-1)?.output).toContain(of.buildFails.says);
}

async function fetchedOrSkipped(of: CorpusModule, skip: Skip): Promise<Committed> {
  try {
    return await workplace.commit(of);
  } catch (error) {
    if (error instanceof NotToBeHad) return skip(error.message);
    throw error;
  }
}

/** Twice the same bytes, and no validator finds an error in them. */
async function checkGenerated(module: ModuleSpec): Promise<void> {
  const sets = generate(module);
  expect(generate(module)).toEqual(sets);
  const dialects = ["azure-pipelines", "github-actions", "gitlab-ci"];
  // A module that is an image brings its own Dockerfile.
  const image = module.runtime === "container" ? [] : ["container"];
  const names = [...dialects, ...image, "chart", "manifests"];
  expect(sets.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  expect(await errorsIn(filesOf(sets))).toEqual([]);
}

const programs: Partial<Record<ModuleSpec["runtime"], string>> = {
  node: "npm",
  python: "python3",
  go: "go",
  java: "mvn",
};

function requireToolchain({ runtime }: ModuleSpec, skip: Skip): void {
  const program = programs[runtime];
  const there = program !== undefined && findProgram(program, process.env.PATH ?? "") !== undefined;
  if (!there) skip(`${program ?? runtime} is not on this host`);
}

async function tryOut({ tests, start }: Tried, delivered: Delivered): Promise<void> {
  const { module } = delivered;
  const built = await workplace.run("build", delivered);
  expect(built.status, tail(built)).toBe("Success");
  if (tests === undefined) expect(module.test).toBeUndefined();
  else if (tests === "pass" || "passed" in tests) {
    const tested = await workplace.run("test", delivered);
    expect(tested.status, tail(tested)).toBe("Success");
    if (tests !== "pass") expect(tested.tests, tail(tested)).toMatchObject({ ...tests, failed: 0 });
  }
  const artifact = await workplace.artifacts.open(built.artifact?.digest ?? "");
  await checkStarted(start, module, { artifact, home: await workplace.scratch(join("homes", module.id)) });
}

async function checkStarted(start: Started, module: ModuleSpec, place: StartPlace): Promise<void> {
  if ("asks" in start) {
    const { status, body } = await askModule(module, place, start.asks);
    expect(status).toBe(start.status ?? 200);
    expect(body).toContain(start.contains);
    return;
  }
  const { exitCode, printed } = await runModule(module, place, start.with);
  expect(printed).toContain(start.prints);
  expect(exitCode, printed).toBe(start.exitCode ?? 0);
}
