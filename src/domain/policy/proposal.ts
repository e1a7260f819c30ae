/** Changes of policy as acts of people, read from the tenant's journal, which is where they are kept. */
import { z } from "zod";
import type { JournalDraft, JournalEntry } from "../journal/journal-entry.ts";
import type { Governance } from "./governed-parts.ts";

export const policyActs = ["PolicyProposed", "PolicyConfirmed", "PolicyRejected", "PolicyApplied"] as const;

const proposedSchema = z.object({
  /** The declaration that was changed, by its digest. */
  from: z.object({ version: z.int(), digest: z.string() }),
  /** The declaration that would hold. */
  text: z.string(),
  digest: z.string(),
  parts: z.array(z.string()),
  asks: z.enum(["release", "tenant", "none"]),
  reason: z.string(),
  changes: z.array(z.string()),
  expires: z.iso.datetime(),
});
export type ProposedChange = z.infer<typeof proposedSchema>;

const decidedSchema = z.object({ proposal: z.string(), comment: z.string().default("") });

export type ProposalState =
  | { state: "open" }
  | { state: "expired" }
  | { state: "rejected"; by: string; at: string; comment: string }
  /** `applied`: false where the server ended between the two; confirming again goes on with it. */
  | { state: "confirmed"; by: string; at: string; comment: string; applied: boolean };

export interface Proposal extends ProposedChange {
  /** `policy-12`, by the entry of the journal. */
  id: string;
  by: string;
  at: string;
  is: ProposalState;
}

export function proposalId(sequence: number): string {
  return `policy-${sequence}`;
}

/** Entries of `policyActs`, in order of the journal. Of several decisions the first counts. */
export function proposalsFrom(entries: readonly JournalEntry[], now: string): Proposal[] {
  return entries
    .filter(({ act }) => act === "PolicyProposed")
    .map((entry) => {
      const change = proposedSchema.parse(entry.data);
      const id = proposalId(entry.sequence);
      return { ...change, id, by: entry.actor, at: entry.time, is: stateOf(id, change, { entries, now }) };
    });
}

function stateOf(
  id: string,
  { expires }: ProposedChange,
  { entries, now }: { entries: readonly JournalEntry[]; now: string },
): ProposalState {
  const about = entries.filter(({ data }) => data.proposal === id);
  const decision = about.find(({ act }) => act === "PolicyConfirmed" || act === "PolicyRejected");
  if (decision === undefined) return { state: expires <= now ? "expired" : "open" };
  const { comment } = decidedSchema.parse(decision.data);
  const told = { by: decision.actor, at: decision.time, comment };
  if (decision.act === "PolicyRejected") return { state: "rejected", ...told };
  return { state: "confirmed", ...told, applied: about.some(({ act }) => act === "PolicyApplied") };
}

export interface AppliedChange {
  version: number;
  digest: string;
  asks: Governance;
  /** `second person`, `self-approved, single person`, `no policy in it`, `stricter`. */
  how: string;
  reason: string;
  changes: string[];
  proposal?: string;
}

export function appliedEntry(actor: string, change: AppliedChange): JournalDraft {
  return { act: "PolicyApplied", actor, data: { ...change } };
}
