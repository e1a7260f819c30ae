/** The quorum of a release as its chain holds it now: for the verdict, and once more before anything is applied. */
import type { Digests } from "../domain/event/event-catalogue.ts";
import { authorsOf, sponsorsOf } from "../domain/release/authors.ts";
import type { EffectivePolicy } from "../domain/release/effective-policy.ts";
import { expedited } from "../domain/release/hotfix.ts";
import { countQuorum, type Quorum } from "../domain/release/quorum.ts";
import type { Electorate } from "../domain/release/voters.ts";
import { type VotesOnRelease, voteEvents, votesOn } from "../domain/release/votes-on-release.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { Delegations } from "../ports/delegations.ts";
import type { Signer } from "../ports/signer.ts";
import type { Tenants } from "../ports/tenants.ts";
import { approvedHotfix } from "./approved-hotfix.ts";
import { policyOfDelivery } from "./policy-of-delivery.ts";

export interface VotePorts {
  delegations: Pick<Delegations, "list">;
  signer: Pick<Signer, "keys">;
}

export interface CountedRelease {
  tenant: Tenant;
  policy: EffectivePolicy;
  environment: string;
  releaseId: string;
  digests: Digests;
  /** As of when, ISO 8601. */
  now: string;
}

/** The same where all that is known is the release: with the policy of its environment, and a hotfix where there is one. */
export function createVoteCounter(ports: VotePorts & { tenants: Pick<Tenants, "get"> }) {
  return async (
    context: AgentContext,
    release: Pick<CountedRelease, "environment" | "releaseId" | "digests" | "now">,
  ): Promise<Count & { policy: EffectivePolicy }> => {
    const { environment, releaseId } = release;
    const tenant = await ports.tenants.get(context.invocation.tenantId);
    const hotfix = await approvedHotfix(context, environment, releaseId);
    const usual = policyOfDelivery(tenant, context, environment);
    const policy = expedited(usual, hotfix, sponsorsOf(context.handOver));
    return { policy, ...(await countVotes(ports, context, { ...release, tenant, policy })) };
  };
}

export interface Count {
  quorum: Quorum;
  /** Refusals and wishes for changes, oldest first. */
  refusals: VotesOnRelease["refusals"];
  electorate: Electorate;
}

export async function countVotes(
  ports: VotePorts,
  context: AgentContext,
  release: CountedRelease,
): Promise<Count> {
  const { tenant, policy, environment, releaseId, digests, now } = release;
  const { tenantId, traceId, moduleId } = context.invocation;
  const [stated, delegations, serverKeys, [merged]] = await Promise.all([
    Promise.all(voteEvents.map((name) => context.events(name))),
    ports.delegations.list(tenantId),
    ports.signer.keys(tenantId),
    context.events("PullRequestMerged"),
  ]);
  const place = { subject: { tenantId, traceId, moduleId }, environment, releaseId };
  const { votes, refusals } = votesOn(place, stated.flat(), { tenant, serverKeys });
  const { sponsor, formerSponsors = [] } = context.handOver;
  const authors = authorsOf(tenant, merged?.data);
  const electorate = { tenant, policy, sponsor, formerSponsors, authors, delegations, now };
  return { quorum: countQuorum({ ...electorate, digests }, votes), refusals, electorate };
}
