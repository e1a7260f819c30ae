/** One request of git's smart HTTP protocol for a person: reading is everybody's of the tenant, pushing takes a role. */
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { findRepository } from "./find-repository.ts";

type ServeRequest = Omit<Parameters<System["gitServer"]["serve"]>[0], "repository" | "by">;

/** Refuses with NotFound where there is no such repository for this caller, and TenantForbidden where a role is missing. */
export async function serveGit(
  system: System,
  caller: Caller,
  { tenantId, repository, ...request }: ServeRequest & { tenantId: string; repository: string },
): Promise<ReadableStream<Uint8Array>> {
  const name = await findRepository(system, caller, { tenantId, repository });
  permit(caller, request.service === "git-receive-pack" ? "push" : "view");
  return await system.gitServer.serve({ ...request, repository: name, by: caller.person });
}
