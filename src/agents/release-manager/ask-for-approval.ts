/** Asks people: what they decide on, who may, until when it waits for them, and to whom it goes if nobody answers. */
import type { Refusal } from "../../domain/refusal.ts";
import { askedText, listOfSeats, rolesAsked } from "../../domain/release/approval-policy.ts";
import { type DueStep, escalationsDue, stepsTaken } from "../../domain/release/escalation.ts";
import { nextExpiry, whoFurthers } from "../../domain/release/quorum.ts";
import { alternatives } from "../../domain/time-text.ts";
import type { AgentContext, Emission } from "../../ports/agent.ts";
import { irreversibleSteps } from "./irreversible-steps.ts";
import type { Proposal } from "./proposal.ts";

/** `until`: when it is to be looked at again, though nobody has answered. */
export interface Asked {
  emits: Emission[];
  until?: string;
}

export async function askForApproval(
  context: AgentContext,
  proposal: Proposal,
  reasons: Refusal[],
): Promise<Asked> {
  const { releaseId, version, environment, digests, details, policy, count } = proposal;
  const now = context.now().toISOString();
  const [requests, escalations, irreversible] = await Promise.all([
    context.events("ApprovalRequested"),
    context.events("EscalationRaised"),
    irreversibleSteps(context),
  ]);
  const askedAt = requests.findLast(({ data }) => data.releaseId === releaseId)?.time ?? now;
  const taken = stepsTaken(escalations, releaseId);
  const { due, next } = escalationsDue(policy.escalation, { askedAt, taken, now });
  const times = [next, nextExpiry(count.quorum)].filter((time) => time !== undefined).sort();
  const until = times[0] === undefined ? {} : { until: times[0] };
  const data = {
    ...{ releaseId, version, environment, digests },
    reasons: reasons.map((reason) => ({ ...reason })),
    bound: { ...details },
    roles: rolesAsked(policy),
    minApprovers: policy.minApprovers,
    asks: askedText(policy),
    missing: count.quorum.missing,
    open: listOfSeats(count.quorum.open),
    granted: count.quorum.votes.filter((vote) => vote.counts).map((vote) => vote.by),
    mayApprove: whoFurthers(count.electorate, count.quorum),
    sponsor: context.handOver.sponsor,
    ...(irreversible.length > 0 && { irreversible }),
    ...until,
  };
  const raised = due.map((step): Emission => escalation(proposal, step));
  return { emits: [...raised, { name: "ApprovalRequested", data }], ...until };
}

function escalation({ releaseId, version, environment, count }: Proposal, due: DueStep): Emission {
  const { step, after, to } = due;
  const open = listOfSeats(count.quorum.open);
  const message = `${releaseId} waits for ${open} since more than ${after}`;
  return {
    name: "EscalationRaised",
    data: {
      ...{ releaseId, version, environment, step },
      what: `Nobody has decided on ${releaseId} for ${environment} in ${after}: it waits for ${open}`,
      who: [...to],
      next: `${alternatives(to)}: see that somebody decides: studio pending`,
      reasons: [{ code: "QuorumNotMet", message }],
      // The release goes on waiting: it is no failure.
      waits: true,
    },
  };
}
