/** What would be generated for a folder, laid over what is there; nothing of it is committed or handed over. */
import { basename } from "node:path";
import { z } from "zod";
import { inferModule } from "../domain/module/infer-module.ts";
import type { ModuleSpec } from "../domain/module/module-spec.ts";
import { modelFor } from "../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../domain/pipeline/pipeline-model.ts";
import { effectivePolicy } from "../domain/release/effective-policy.ts";
import { slug } from "../domain/scope.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import type { FileFinding } from "../ports/file-validator.ts";
import type { GenerationPlan, PlannedFile } from "../ports/pipeline-generator.ts";
import type { Caller, System } from "./system.ts";

export const previewInput = z.object({
  path: z.string().min(1).max(4_096),
  moduleId: slug.optional(),
});

export interface Preview {
  module: ModuleSpec;
  model: PipelineModel;
  /** Without their text: that is in `patch`. */
  files: Pick<PlannedFile, "path" | "set" | "status" | "edited">[];
  findings: FileFinding[];
  leftOut: GenerationPlan["leftOut"];
  /** A unified diff against the folder as it is. */
  patch: string;
}

export async function previewDelivery(
  system: System,
  caller: Caller,
  input: z.output<typeof previewInput>,
): Promise<Preview> {
  const { sourceControl } = system;
  const tenant = await system.tenants.get(caller.tenantId);
  const seen = await sourceControl.peekFolder(input.path, isDescribing);
  const overrides = input.moduleId === undefined ? {} : { overrides: { id: input.moduleId } };
  const module = inferModule({ ...seen, folderName: basename(input.path), ...overrides });
  const { targetBranch } = tenant.repositories;
  const repository = `${caller.tenantId}/${module.id}`;
  // Objects only: no branch moves, and what nothing names is collected in time.
  const { tree } = await sourceControl.importFolder({ repository, folder: input.path });
  const environments = tenant.environments.map(({ id }) => ({
    name: id,
    requiresApproval: effectivePolicy(tenant, id).requiresApproval,
  }));
  const model = modelFor({ tenantId: tenant.id, module, folder: "", targetBranch, environments });
  const policy = tenant.pipelines;
  const request = { repository, over: tree, history: targetBranch, model, module, policy };
  const plan = await system.planGeneration(request);
  const patch = await sourceControl.patch({ repository, base: tree, head: plan.tree });
  const files = plan.files.map(({ path, set, status, edited }) => ({ path, set, status, edited }));
  return { module, model, files, findings: plan.findings, leftOut: plan.leftOut, patch };
}
