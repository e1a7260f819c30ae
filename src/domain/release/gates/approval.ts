import { askedText, listOfSeats } from "../approval-policy.ts";
import { failed, type Gate } from "../gate.ts";
import type { CountedVote } from "../quorum.ts";

/** People approved exactly these digests, as many and in the roles that policy asks for. */
export const approvalGate: Gate = {
  name: "approval",
  answer({ policy, quorum }) {
    if (!policy.requiresApproval)
      return { status: "NotApplicable", evidence: `${policy.environment} needs no approval` };
    const counted = quorum.votes.filter((vote) => vote.counts);
    if (quorum.met)
      return {
        status: "Passed",
        evidence: counted.map(voteText).join(", "),
      };
    return failed(
      "QuorumNotMet",
      `${policy.environment} asks for approval by ${askedText(policy)}; ${soFar(counted.length, listOfSeats(quorum.open))}.`,
      "See what waits: studio pending",
    );
  },
};

/** `max (ReleaseManager)`, with how it counts where that is not as usual. */
function voteText({ by, role, note }: CountedVote): string {
  const words = [role, note === "counts" ? undefined : note].filter((one) => one !== undefined);
  return words.length === 0 ? by : `${by} (${words.join("; ")})`;
}

function soFar(given: number, open: string): string {
  return given === 0 ? "none so far" : `${given} so far, missing: ${open}`;
}
