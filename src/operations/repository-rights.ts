/** The tenant's rights on repositories, branches and sources, asked where somebody acts. Without any, nothing is asked. */
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Action } from "../domain/access/actions.ts";
import { refuse } from "../domain/refusal.ts";
import { mayTouch } from "../domain/tenant/repository-rights.ts";
import { permit } from "./permit.ts";
import { folderOf, type SourceInput } from "./store-source.ts";
import type { Caller, System } from "./system.ts";

/** Refuses with TenantForbidden, on record, a folder or address that the tenant takes no modules from. */
export async function permitSource(system: System, caller: Caller, source: SourceInput): Promise<void> {
  const { repositories } = await system.tenants.get(caller.tenantId);
  if (repositories.sources === undefined) return;
  const place = source.kind === "git" ? { git: source.url } : { folder: await whereItLies(folderOf(source)) };
  await permit(system, caller, { action: "hand-over", source: place });
}

/** Links are followed, so that a folder that is allowed leads to no other one. */
async function whereItLies(folder: string): Promise<string> {
  return await realpath(folder).catch(() => resolve(folder));
}

/** Refuses with TenantForbidden, on record. */
export async function permitBranch(
  system: System,
  caller: Caller,
  { action, repository, branch }: { action: Action; repository: string; branch: string },
): Promise<void> {
  const { repositories } = await system.tenants.get(caller.tenantId);
  if (repositories.rights === undefined) return;
  await permit(system, caller, { action, repository: shortName(repository), branch });
}

/** Branches of a repository that are not the caller's to read. */
export async function hiddenBranches(system: System, caller: Caller, repository: string): Promise<string[]> {
  const { repositories } = await system.tenants.get(caller.tenantId);
  if (repositories.rights?.every(({ branches }) => branches === undefined) ?? true) return [];
  const names = (await system.gitServer.branches(repository)).map(({ name }) => name);
  const who = { id: caller.person, roles: caller.roles };
  return names.filter(
    (branch) => !mayTouch(repositories, who, { does: "read", repository: shortName(repository), branch }),
  );
}

/** Refuses what is not the caller's to read; a commit by its id might be of any branch. */
export async function permitReading(
  system: System,
  caller: Caller,
  { repository, refs }: { repository: string; refs: readonly string[] },
): Promise<void> {
  const hidden = await hiddenBranches(system, caller, repository);
  if (hidden.length === 0) return;
  const names = (await system.gitServer.branches(repository)).map(({ name }) => name);
  for (const ref of refs) {
    const branch = ref.replace(/^refs\/heads\//, "");
    if (!names.includes(branch))
      throw refuse(
        "TenantForbidden",
        `${ref} is no branch of ${repository}, and not all of its branches are ${caller.person}'s to read.`,
        "Name a branch; see those that are yours: GET /repositories/<tenant>/<repository>/branches",
      );
    await permit(system, caller, { action: "view", repository: shortName(repository), branch });
  }
}

/** Whether a list shows it to the caller. */
export async function createReadable(system: System, caller: Caller) {
  const { repositories } = await system.tenants.get(caller.tenantId);
  const who = { id: caller.person, roles: caller.roles };
  return ({ repository, branch }: { repository: string; branch: string }): boolean =>
    mayTouch(repositories, who, { does: "read", repository: shortName(repository), branch });
}

function shortName(repository: string): string {
  return repository.split("/").at(-1) ?? repository;
}
