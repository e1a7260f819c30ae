/**
 * A smoke test for a module that has no tests: it starts the service on a free port and asks whether it is ready. It
 * is a beginning that people write on, in the module's own language and without a dependency of the module's.
 */
import type { Command, ModuleSpec, Runtime } from "../../module/module-spec.ts";
import type { GenerationSubject } from "../generator.ts";
import { type FileSet, inModule } from "../pipeline-model.ts";
import { dotnetSmoke } from "./dotnet-smoke.ts";
import { goSmoke } from "./go-smoke.ts";
import { javaSmoke } from "./java-smoke.ts";
import { nodeSmoke } from "./node-smoke.ts";
import { pythonSmoke } from "./python-smoke.ts";
import { type Smoke, smokeFacts } from "./smoke-facts.ts";

const smokes: Partial<Record<Runtime, Smoke>> = {
  node: nodeSmoke,
  python: pythonSmoke,
  go: goSmoke,
  java: javaSmoke,
  dotnet: dotnetSmoke,
};

/** Undefined for a module with tests of its own, and for an image of which nothing more is known. */
export function smokeHarness({ model, module }: GenerationSubject): FileSet | undefined {
  const smoke = smokes[module.runtime];
  if (smoke === undefined || hasOwnTests(module, smoke)) return undefined;
  const files = smoke.files(smokeFacts(module), model);
  return {
    name: "harness",
    files: files.map((file) => ({ ...file, path: inModule(model, file.path) })),
  };
}

/**
 * The command of the smoke test where it can stand in for the tests that a module does not have: it needs nothing
 * but the language itself, and the service starts without configuration, secrets and resources.
 */
export function smokeTestCommand(module: ModuleSpec): Command | undefined {
  const { config, resources = [], secrets } = module.needs;
  const needsNothing = config.length + secrets.length + resources.length === 0;
  const isAlone = module.runtime === "node" || module.runtime === "python";
  if (module.pipeline === "own" || module.test !== undefined || !isAlone || !needsNothing) return undefined;
  return smokes[module.runtime]?.command;
}

/** A smoke test that was found as the module's tests is still ours. */
function hasOwnTests({ test }: ModuleSpec, { command }: Smoke): boolean {
  return test !== undefined && test.join("\0") !== command.join("\0");
}
