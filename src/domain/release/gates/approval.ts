import { askedText, listOfSeats } from "../approval-policy.ts";
import { failed, type Gate } from "../gate.ts";

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
        evidence: counted.map((vote) => `${vote.by} (${vote.role}; ${vote.note})`).join(", "),
      };
    return failed(
      "QuorumNotMet",
      `${policy.environment} asks for approval by ${askedText(policy)}; ${soFar(counted.length, listOfSeats(quorum.open))}.`,
      "See what waits: studio pending",
    );
  },
};

function soFar(given: number, open: string): string {
  return given === 0 ? "none so far" : `${given} so far, missing: ${open}`;
}
