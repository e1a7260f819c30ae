/** What a module is, read from the bytes that were stored and not from a folder that may have changed since. */
import { inferModule, type ModuleOverrides } from "../domain/module/infer-module.ts";
import { readModuleFile } from "../domain/module/module-file.ts";
import type { ModuleSpec } from "../domain/module/module-spec.ts";
import { refuse } from "../domain/refusal.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import { lastLanded } from "./last-landed.ts";
import type { ModulePlace } from "./module-place.ts";
import type { System } from "./system.ts";

export interface DescribedSource {
  place: ModulePlace;
  moduleId: string;
  tree: string;
  overrides: ModuleOverrides;
  /** The module keeps its own pipeline from now on. */
  adopt?: boolean | undefined;
}

export async function describeModule(
  { sourceControl }: Pick<System, "sourceControl">,
  source: DescribedSource,
): Promise<ModuleSpec> {
  const { place, moduleId, tree } = source;
  const paths = await sourceControl.listFiles(place.repository, tree);
  const files = await sourceControl.readFiles(place.repository, tree, paths.filter(isDescribing));
  const overrides = { ...source.overrides, id: moduleId };
  const module = inferModule({ files, paths, folderName: moduleId, overrides });
  const declared = readModuleFile(files["module.yaml"] ?? "").pipeline;
  if (source.adopt === true && declared === "generate")
    throw refuse(
      "InputInvalid",
      "--adopt keeps the module's own pipeline, and module.yaml says pipeline: generate.",
      "Leave one of them out.",
    );
  const kept = declared === undefined && (await wasAdopted(sourceControl, place, moduleId));
  return source.adopt === true || kept ? { ...module, pipeline: "own" } : module;
}

/** Once adopted, a module keeps its pipeline until its module.yaml says otherwise. */
async function wasAdopted(
  sourceControl: System["sourceControl"],
  { repository, targetBranch }: ModulePlace,
  moduleId: string,
): Promise<boolean> {
  const tip = await sourceControl.tip(repository, targetBranch);
  const landed = tip && (await lastLanded(sourceControl, { repository, to: tip.commit, moduleId }));
  return landed?.adopted === true;
}
