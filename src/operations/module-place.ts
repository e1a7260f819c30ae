/** Where a module's code lives: a repository of its own, or a folder of the tenant's monorepo. */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";

export type ModulePlace = Pick<HandOver, "repository" | "folder" | "targetBranch">;

export function modulePlace({ id, repositories }: Tenant, moduleId: string): ModulePlace {
  const { layout, name, folder, targetBranch } = repositories;
  if (layout === "repository-per-module")
    return { repository: `${id}/${moduleId}`, folder: "", targetBranch };
  return {
    repository: `${id}/${name}`,
    folder: folder === "" ? moduleId : `${folder}/${moduleId}`,
    targetBranch,
  };
}
