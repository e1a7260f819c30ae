/** Words of a module that end up outside a shell line, reduced to what no platform takes for an expression. */
import type { Runtime } from "../../domain/module/module-spec.ts";
import type { PipelineModel } from "../../domain/pipeline/pipeline-model.ts";

/** A path or glob of the module. Where a sign could begin an expression, `?` matches the same file. */
export function asGlob(path: string): string {
  return path.replaceAll(/[^\w@+./*?-]/g, "?");
}

/** `24`, `3.13`, `1.25.4`: whatever else stands in a version is no part of one. */
export function runtimeVersion({ runtime }: Pick<PipelineModel, "runtime">): string {
  return runtime.version.replaceAll(/[^\w.+-]/g, "");
}

/** Languages as people write them. */
export const languages = {
  node: "Node.js",
  python: "Python",
  go: "Go",
  dotnet: ".NET",
  java: "Java",
  container: "Container",
} satisfies Record<Runtime, string>;
