/** One request of git's smart HTTP protocol for a person: reading is everybody's of the tenant, pushing takes a role. */
import { permit, refusalOfWish } from "../permit.ts";
import { hiddenBranches } from "../repository-rights.ts";
import type { Caller, System } from "../system.ts";
import { findRepository } from "./find-repository.ts";
import { tellDeliveries } from "./tell-deliveries.ts";

type Request = Parameters<System["gitServer"]["serve"]>[0];
type ServeRequest = Omit<Request, "repository" | "by" | "landed" | "hidden" | "judge">;
type Landed = Parameters<NonNullable<Request["landed"]>>[0];

/** Refuses with NotFound where there is no such repository for this caller, and TenantForbidden where a role is missing. */
export async function serveGit(
  system: System,
  caller: Caller,
  { tenantId, repository, ...request }: ServeRequest & { tenantId: string; repository: string },
): Promise<ReadableStream<Uint8Array>> {
  const name = await findRepository(system, caller, { tenantId, repository });
  const action = request.service === "git-receive-pack" ? "push" : "view";
  await permit(system, caller, { action, repository });
  const hidden = await hiddenBranches(system, caller, name);
  return await system.gitServer.serve({
    ...request,
    repository: name,
    by: caller.person,
    hidden,
    judge: (updates) => judgeBranches(system, caller, { repository, updates }),
    landed: (updates) => void tellOf(system, caller, { repository: name, updates }),
  });
}

/** The tenant's rights on each branch that a push moves, beside what protects the branch for everybody. */
async function judgeBranches(
  system: System,
  caller: Caller,
  { repository, updates }: { repository: string; updates: Landed },
): Promise<string[]> {
  const { rights } = (await system.tenants.get(caller.tenantId)).repositories;
  if (rights === undefined) return [];
  const refusals: string[] = [];
  for (const { ref } of updates) {
    const branch = ref.replace(/^refs\/heads\//, "");
    const wish = { action: "push" as const, repository, ...(branch !== ref && { branch }) };
    const refusal = await refusalOfWish(system, caller, wish);
    if (refusal !== undefined)
      refusals.push(`${refusal.code}: ${refusal.message}\nnext: ${refusal.next ?? ""}`);
  }
  return refusals;
}

/** A commit on a delivery's branch wants building and testing. What is untold is found by `connectsoft pr <trace>`. */
async function tellOf(
  system: System,
  caller: Caller,
  { repository, updates }: { repository: string; updates: Landed },
): Promise<void> {
  for (const { ref, to } of updates) {
    const branch = ref.replace(/^refs\/heads\//, "");
    if (branch === ref || to === undefined) continue;
    const act = { repository, branch, did: `pushed to ${branch}`, facts: { commit: to } };
    await tellDeliveries(system, caller, act).catch(() => undefined);
  }
}
