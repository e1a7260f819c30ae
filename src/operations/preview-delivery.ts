/** What would be generated for a folder, laid over what is there; nothing of it is committed or handed over. */
import { basename } from "node:path";
import semver from "semver";
import { z } from "zod";
import { agentSettings } from "../domain/agent/agent-settings.ts";
import { inferModule } from "../domain/module/infer-module.ts";
import { readModuleFile } from "../domain/module/module-file.ts";
import type { ModuleSpec } from "../domain/module/module-spec.ts";
import { modelFor } from "../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../domain/pipeline/pipeline-model.ts";
import { pipelineEnvironments } from "../domain/release/pipeline-environments.ts";
import { slug } from "../domain/scope.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import type { FileFinding } from "../ports/file-validator.ts";
import type { GenerationPlan, PlannedFile } from "../ports/pipeline-generator.ts";
import type { SourceControl } from "../ports/source-control.ts";
import { lastLanded } from "./last-landed.ts";
import { type ModulePlace, modulePlace } from "./module-place.ts";
import { permitSource } from "./repository-rights.ts";
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
  /** A unified diff against the folder as a delivery would lay it over what landed before. */
  patch: string;
}

export async function previewDelivery(
  system: System,
  caller: Caller,
  input: z.output<typeof previewInput>,
): Promise<Preview> {
  const { sourceControl } = system;
  const tenant = await system.tenants.get(caller.tenantId);
  await permitSource(system, caller, { kind: "folder", path: input.path });
  const seen = await sourceControl.peekFolder(input.path, isDescribing);
  const overrides = input.moduleId === undefined ? {} : { overrides: { id: input.moduleId } };
  const declared = inferModule({ ...seen, folderName: basename(input.path), ...overrides });
  const place = modulePlace(tenant, declared.id);
  const { repository, targetBranch } = place;
  // Objects only: no branch moves, and what nothing names is collected in time.
  const { tree } = await sourceControl.importFolder({ repository, folder: input.path });
  const { over, version, adopted } = await overLanded(sourceControl, {
    ...place,
    tree,
    moduleId: declared.id,
  });
  const keeps = adopted && readModuleFile(seen.files["module.yaml"] ?? "").pipeline === undefined;
  const module = aboveDeclared(keeps ? { ...declared, pipeline: "own" } : declared, version);
  const path = tenant.environments.map(({ id }) => id);
  const environments = pipelineEnvironments(tenant, path);
  const model = modelFor({ tenantId: tenant.id, module, folder: place.folder, targetBranch, environments });
  const { editionId } = module;
  const policy = agentSettings(tenant, "devops-engineer", { moduleId: declared.id, editionId });
  const request = { repository, over, history: targetBranch, model, module, policy };
  const plan = await system.planGeneration(request);
  const patch = await sourceControl.patch({ repository, base: over, head: plan.tree });
  const files = plan.files.map(({ path, set, status, edited }) => ({ path, set, status, edited }));
  return { module, model, files, findings: plan.findings, leftOut: plan.leftOut, patch };
}

/**
 * The folder as a delivery would commit it: what it changed since the last hand-over, over what landed, so that
 * generated files which are not in the folder are there. Where both changed the same lines, the folder alone.
 */
async function overLanded(
  sourceControl: SourceControl,
  folder: ModulePlace & { tree: string; moduleId: string },
): Promise<{ over: string; version: string | undefined; adopted: boolean }> {
  const { repository, targetBranch, tree, moduleId } = folder;
  if (folder.folder !== "") return await besideOthers(sourceControl, folder);
  const tip = await sourceControl.tip(repository, targetBranch);
  const landed = tip && (await lastLanded(sourceControl, { repository, to: tip.commit, moduleId }));
  if (tip === undefined || landed === undefined) return { over: tree, version: undefined, adopted: false };
  const { sourceTree, version, adopted } = landed;
  const laid = await sourceControl.combine({ repository, base: sourceTree, ours: tip.tree, theirs: tree });
  return { over: laid.status === "combined" ? laid.tree : tree, version, adopted };
}

/**
 * In a monorepo what is generated is laid over the branch; before the module has landed there, over what it brings
 * of its own in the places of generated files.
 */
async function besideOthers(
  sourceControl: SourceControl,
  place: ModulePlace & { tree: string; moduleId: string },
): Promise<{ over: string; version: string | undefined; adopted: boolean }> {
  const { repository, targetBranch, tree, moduleId, folder } = place;
  const tip = await sourceControl.tip(repository, targetBranch);
  const landed = tip && (await lastLanded(sourceControl, { repository, to: tip.commit, moduleId }));
  if (tip !== undefined && landed !== undefined)
    return { over: tip.tree, version: landed.version, adopted: landed.adopted };
  const paths = (await sourceControl.listFiles(repository, tree)).filter(isTextName);
  const texts = await sourceControl.readFiles(repository, tree, paths);
  const files = Object.entries(texts).map(([path, content]) => ({ path: `${folder}/${path}`, content }));
  return { over: await sourceControl.writeTree(repository, files), version: undefined, adopted: false };
}

/** What a generated file may be called: nothing of it is binary. */
function isTextName(path: string): boolean {
  return /(^|\/)(Dockerfile|\.dockerignore|\.env\.template|\.helmignore)$|\.(ya?ml|json|tpl|txt|ts|bicep|bicepparam)$/.test(
    path,
  );
}

/** The version that landed where the module declares none above it: the next one is decided at the commit. */
function aboveDeclared(module: ModuleSpec, landed: string | undefined): ModuleSpec {
  return landed === undefined || semver.gte(module.version, landed) ? module : { ...module, version: landed };
}
