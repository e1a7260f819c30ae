import { parseDuration } from "../../flow/duration.ts";
import { failed, type Gate } from "../gate.ts";

/** The minimum wait before a deployment: from the last approval that counts, or from the proposal where none is needed. */
export const delayGate: Gate = {
  name: "delay",
  answer({ now, policy, quorum, proposedAt }) {
    const waitMs = parseDuration(policy.minDelayBeforeDeploy) ?? 0;
    if (waitMs === 0) return { status: "NotApplicable", evidence: `${policy.environment} asks for no delay` };
    if (policy.requiresApproval && !quorum.met)
      return { status: "NotApplicable", evidence: "the delay begins with the approval" };
    const votes = quorum.votes.filter((vote) => vote.counts).map((vote) => vote.at);
    const from = policy.requiresApproval ? (votes.sort().at(-1) ?? now) : proposedAt;
    const until = new Date(Date.parse(from) + waitMs).toISOString();
    if (until <= now) return { status: "Passed", evidence: `${policy.minDelayBeforeDeploy} since ${from}` };
    const answer = failed(
      "DelayNotElapsed",
      `${policy.environment} deploys no sooner than ${policy.minDelayBeforeDeploy} after ${policy.requiresApproval ? "its approval" : "it was proposed"}: at ${until}.`,
      "Nothing to do: it goes on by itself.",
    );
    return { ...answer, until } as typeof answer;
  },
};
