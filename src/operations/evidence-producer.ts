/** Whether somebody may state evidence: a producer that the tenant lists, about a commit of this very delivery. */
import type { ProducerKind } from "../domain/evidence/weigh-tests.ts";
import { refuse } from "../domain/refusal.ts";
import type { Subject } from "../domain/scope.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import { alternatives } from "../domain/time-text.ts";
import type { Caller, System } from "./system.ts";

/** Refuses with TenantForbidden what is not listed, or not for this kind, or bound to another person's token. */
export function requireProducer(
  tenant: Tenant,
  caller: Caller,
  { producer, kind }: { producer: string; kind: ProducerKind },
): void {
  const { producers } = tenant.evidence;
  const listed = producers.find(({ id }) => id === producer);
  const next =
    "A StudioAdmin lists producers under evidence.producers in tenant.yaml: connectsoft tenant apply.";
  if (listed === undefined)
    throw refuse(
      "TenantForbidden",
      `${tenant.id} takes no evidence of ${producer}: it lists ${producers.length === 0 ? "no producers" : alternatives(producers.map(({ id }) => id))}.`,
      next,
    );
  if (!listed.kinds.includes(kind))
    throw refuse(
      "TenantForbidden",
      `${producer} may state ${alternatives(listed.kinds)}, and not ${kind}.`,
      next,
    );
  if (listed.tokenOf !== undefined && listed.tokenOf !== caller.person)
    throw refuse(
      "TenantForbidden",
      `${producer} states its evidence with the token of ${listed.tokenOf}, and not of ${caller.person}.`,
      `Use a token of ${listed.tokenOf}: connectsoft token create ${listed.tokenOf}.`,
    );
}

/** The tree of a commit as the chain of the delivery names it; refuses with DigestMismatch any other commit or tree. */
export async function requireOwnCommit(
  system: System,
  subject: Subject,
  { commit, tree }: { commit: string; tree?: string | undefined },
): Promise<string> {
  const events = await system.store.events(subject, {
    names: ["CommitReady", "PipelineReady", "ArtifactBuilt", "PullRequestMerged"],
  });
  const own = events.filter((event) => event.source.startsWith("/agents/"));
  const found = own.findLast((event) => event.data.commit === commit);
  const known = own.at(-1);
  if (found === undefined)
    throw refuse(
      "DigestMismatch",
      `${commit} is no commit of ${subject.traceId}${known === undefined ? ", which has none yet" : `; its newest is ${known.data.commit}`}.`,
      "Evidence counts only for exactly the commit that it was made of: run it on that one, and name its full id.",
    );
  const real = String(found.data.tree);
  if (tree === undefined || tree === real) return real;
  throw refuse(
    "DigestMismatch",
    `The tree of ${commit.slice(0, 12)} is ${real}, and not ${tree}.`,
    "Run it on a clean checkout of that commit: git rev-parse HEAD^{tree} names its tree.",
  );
}
