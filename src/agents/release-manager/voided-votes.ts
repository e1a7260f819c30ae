/** Votes that do not count any more are void for good, and the chain says of each why; told once. */
import type { RefusalCode } from "../../domain/refusal.ts";
import { type BoundDetails, changesInWords } from "../../domain/release/bound-details.ts";
import type { CountedVote, Vote } from "../../domain/release/quorum.ts";
import type { AgentContext, Emission } from "../../ports/agent.ts";
import type { ReleaseManagerPorts } from "./ports.ts";
import type { Proposal } from "./proposal.ts";

type Counter = Pick<ReleaseManagerPorts, "countFiles">;

export async function voidedVotes(
  ports: Counter,
  context: AgentContext,
  proposal: Proposal,
): Promise<Emission[]> {
  const { quorum, refusals } = proposal.count;
  const forged = refusals
    .filter(({ signature, voided }) => !signature.good && voided === undefined)
    .map((vote) =>
      lost(vote, "SignatureInvalid", `the refusal ${vote.signature.good ? "" : vote.signature.why}`),
    );
  const votes = [...quorum.votes.filter(({ counts }) => !counts), ...forged];
  const found: Emission[] = [];
  for (const vote of votes) {
    if (vote.code === undefined) continue;
    const message =
      vote.code === "DigestMismatch" ? await changeSince(ports, context, { proposal, vote }) : vote.note;
    const { releaseId } = proposal;
    const { id, by, at, code } = vote;
    found.push({
      name: "ApprovalVoided",
      data: { releaseId, vote: id, by, votedAt: at, code, message },
    });
  }
  return found;
}

function lost(vote: Vote, code: RefusalCode, note: string): CountedVote {
  return { ...vote, counts: false, code, note };
}

/** In words: what people were shown then is in the request that they answered. */
async function changeSince(
  { countFiles }: Counter,
  context: AgentContext,
  { proposal, vote }: { proposal: Proposal; vote: Vote },
): Promise<string> {
  const { digests, details } = proposal;
  const shown = (await context.events("ApprovalRequested")).find(
    ({ data }) => JSON.stringify(data.digests) === JSON.stringify(vote.digests) && data.bound !== undefined,
  );
  const before = { digests: vote.digests, details: shown?.data.bound as BoundDetails | undefined };
  const files =
    vote.digests.commit === digests.commit
      ? undefined
      : await countFiles(context.handOver.repository, vote.digests.commit, digests.commit);
  return `changed since this vote: ${changesInWords(before, { digests, details }, files).join("; ")}`;
}
