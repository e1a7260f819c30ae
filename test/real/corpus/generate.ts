/** Every file that is generated for a module, as the DevOps Engineer makes them, and what validators say of them. */
import { dialects } from "../../../src/adapters/dialect/index.ts";
import { validators } from "../../../src/adapters/validator/index.ts";
import { generateSets } from "../../../src/agents/devops-engineer/generation/generate-sets.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { generators } from "../../../src/domain/pipeline/generators.ts";
import type { FileSet, RenderedFile } from "../../../src/domain/pipeline/pipeline-model.ts";
import { pipelinePolicySchema } from "../../../src/domain/tenant/delivery-policies.ts";
import { findProblems } from "../../../src/ports/file-validator.ts";
import { modelOf } from "./workplace.ts";

export function generate(module: ModuleSpec): FileSet[] {
  const request = {
    repository: `corpus/${module.id}`,
    over: "main",
    model: modelOf(module),
    module,
    policy: pipelinePolicySchema.parse({}),
  };
  return generateSets({ dialects, generators }, request).wanted;
}

export function filesOf(sets: FileSet[]): RenderedFile[] {
  return sets.flatMap(({ files }) => files);
}

export async function errorsIn(files: RenderedFile[]): Promise<string[]> {
  const found = await findProblems(validators, files);
  return found.filter(({ severity }) => severity === "error").map((finding) => JSON.stringify(finding));
}
