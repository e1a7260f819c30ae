/** The votes on one release as its delivery's chain holds them, each with its signature looked at. */
import { z } from "zod";
import { digestOf } from "../canonical-json.ts";
import { digestsSchema } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import type { Subject } from "../scope.ts";
import { roleSchema } from "../tenant/role.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Vote } from "./quorum.ts";
import {
  type ServerKey,
  type VoteDecision,
  type VoteFacts,
  verifyVote,
  voteStatement,
} from "./vote-statement.ts";

/** As much of an event as is looked at. */
export interface StatedVote {
  id: string;
  name: string;
  time: string;
  sequence: number;
  data: JsonObject;
}

/** The names of the events that `votesOn` looks at; others may be among them. */
export const voteEvents = ["ApprovalGranted", "ApprovalRefused", "ApprovalVoided"] as const;

export interface ReleasePlace {
  subject: Subject;
  environment: string;
  releaseId: string;
}

export interface VotesOnRelease {
  /** Approvals, oldest first. */
  votes: Vote[];
  /** Refusals and wishes for changes, oldest first. */
  refusals: (Vote & { decision: VoteDecision })[];
}

const signatureSchema = z.strictObject({
  by: z.enum(["server", "own-key"]),
  keyId: z.string(),
  value: z.string().max(4_096),
});

/** Data of a vote that can be counted. */
const votedSchema = z.looseObject({
  by: z.string(),
  onBehalfOf: z.string().optional(),
  roles: z.array(roleSchema),
  method: z.string(),
  comment: z.string(),
  at: z.iso.datetime(),
  decision: z.enum(["approved", "refused", "changes-requested"]),
  digests: digestsSchema,
  signature: signatureSchema.optional(),
});

export function votesOn(
  place: ReleasePlace,
  stated: readonly StatedVote[],
  known: { tenant: Tenant; serverKeys: readonly ServerKey[] },
): VotesOnRelease {
  const own = stated
    .filter(({ data }) => data.releaseId === place.releaseId)
    .toSorted((a, b) => a.sequence - b.sequence);
  const voided = new Map(
    own
      .filter(({ name, data }) => name === "ApprovalVoided" && typeof data.vote === "string")
      .map(({ data }) => [String(data.vote), String(data.message)]),
  );
  const read = (name: string, decisions: VoteDecision[]) =>
    own
      .filter((one) => one.name === name)
      .map((one) => {
        const vote = readVote(place, one, { ...known, decisions });
        const why = voided.get(vote.id);
        return why === undefined ? vote : { ...vote, voided: why };
      });
  return {
    votes: read("ApprovalGranted", ["approved"]),
    refusals: read("ApprovalRefused", ["refused", "changes-requested"]),
  };
}

function readVote(
  { subject, environment, releaseId }: ReleasePlace,
  stated: StatedVote,
  known: { tenant: Tenant; serverKeys: readonly ServerKey[]; decisions: VoteDecision[] },
): Vote & { decision: VoteDecision } {
  const parsed = votedSchema.safeParse(stated.data);
  if (!parsed.success || !known.decisions.includes(parsed.data.decision)) return unreadable(stated);
  const { by, onBehalfOf, roles, method, comment, at, decision, digests, signature } = parsed.data;
  const said = { by, roles, method, comment, at, decision, digests };
  const inWhoseName = onBehalfOf === undefined ? {} : { onBehalfOf };
  const facts: VoteFacts = { subject, environment, releaseId, ...said, ...inWhoseName };
  const personKeys = known.tenant.people.find(({ id }) => id === by)?.keys ?? [];
  const verdict = verifyVote(facts, signature, { ...known, personKeys });
  // What was signed names the vote: the same vote again, in another event, is the same. A forgery is itself alone.
  const id = verdict.good ? digestOf(voteStatement(facts)) : stated.id;
  return { id, ...said, ...inWhoseName, signature: verdict };
}

/** It stands in the record, and counts for nothing. */
function unreadable({ id, data, time }: StatedVote): Vote & { decision: VoteDecision } {
  const digests = digestsSchema.safeParse(data.digests);
  return {
    id,
    by: String(data.by),
    roles: [],
    method: String(data.method),
    comment: String(data.comment),
    at: typeof data.at === "string" ? data.at : time,
    decision: "approved",
    digests: digests.success ? digests.data : nothing,
    signature: { good: false, why: "is not signed" },
  };
}

const nothing = digestsSchema.parse({
  ...{ commit: "", tree: "" },
  ...Object.fromEntries(
    ["artifact", "rolloutPlan", "infrastructurePlan", "configuration", "secretVersions", "policy"].map(
      (name) => [name, `sha256:${"0".repeat(64)}`],
    ),
  ),
});
