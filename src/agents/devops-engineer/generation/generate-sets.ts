/** All sets of files that the tenant's policy asks for, fresh from the model; those to leave out stand apart. */
import type { Generator } from "../../../domain/pipeline/generator.ts";
import type { FileSet } from "../../../domain/pipeline/pipeline-model.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";
import type { GenerationRequest } from "../../../ports/pipeline-generator.ts";

export interface Generating {
  dialects: readonly PipelineDialect[];
  generators: readonly Generator[];
}

export interface GeneratedSets {
  wanted: FileSet[];
  leftOut: FileSet[];
}

export function generateSets(
  { dialects, generators }: Generating,
  request: GenerationRequest,
): GeneratedSets {
  const { model, module, policy, leaveOut = [] } = request;
  if (module.pipeline === "own") return { wanted: [], leftOut: [] };
  const wanted = dialects.filter(({ name }) => policy.dialects.includes(name));
  const sets = [
    ...wanted.map((dialect) => ({ name: dialect.name, files: dialect.render(model) })),
    ...generators.flatMap((generate) => generate({ model, module }) ?? []),
  ];
  const off = switchedOff(policy);
  const asked = sets.filter(({ name, files }) => files.length > 0 && !off.includes(name));
  return {
    wanted: asked.filter(({ name }) => !leaveOut.includes(name)),
    leftOut: asked.filter(({ name }) => leaveOut.includes(name)),
  };
}

function switchedOff({ chart, manifests, infrastructure }: GenerationRequest["policy"]): string[] {
  return Object.entries({ chart, manifests, infrastructure }).flatMap(([name, on]) => (on ? [] : [name]));
}
