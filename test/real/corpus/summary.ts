/** A module as a person reads it, and the report of a run that went wrong. */
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import type { StageReport } from "../../../src/ports/pipeline-runner.ts";
import type { Recognised } from "./corpus-module.ts";

export function summaryOf(module: ModuleSpec): Recognised {
  const { framework, build, test, port, portVariable } = module;
  const health = module.probes.readiness.httpGet?.path;
  return {
    id: module.id,
    version: module.version,
    stack: stackOf(module),
    ...(framework === undefined ? {} : { framework }),
    ...(build === undefined ? {} : { build: build.join(" ") }),
    ...(test === undefined ? {} : { test: test.join(" ") }),
    start: module.start.join(" "),
    ...(port === undefined && portVariable === "PORT" ? {} : { port: [portVariable, port].join(" ").trim() }),
    ...(health === undefined ? {} : { health }),
  };
}

function stackOf({ runtime, runtimeVersion, packageManager, packageManagerVersion, locked }: ModuleSpec) {
  const manager =
    packageManagerVersion === undefined ? packageManager : `${packageManager} ${packageManagerVersion}`;
  const language = `${runtime} ${runtimeVersion ?? ""}`.trim();
  return `${language}, ${manager}, ${locked ? "locked" : "not locked"}`;
}

/** The end of what each step printed. */
export function tail({ steps, preparation = [] }: StageReport): string {
  return [...preparation, ...steps]
    .map(({ name, exitCode, ended, output }) => `${name}: ${ended} ${exitCode}\n${output.slice(-2000)}`)
    .join("\n");
}
