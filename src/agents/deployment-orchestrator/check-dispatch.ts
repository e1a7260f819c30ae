/** The right to dispatch, checked again: an approval that stands, for exactly what is about to be applied. */

import { type Digests, digestsSchema } from "../../domain/event/event-catalogue.ts";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { boundWords } from "../../domain/release/bound-details.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";

/** Refuses with QuorumNotMet where the release is not approved, or not any more. Returns the digests of the approval. */
export async function approvedDigests(context: AgentContext, releaseId: string): Promise<Digests> {
  const [approved, revoked, rejected] = await Promise.all([
    newestOf(context, "ReleaseApproved", releaseId),
    newestOf(context, "ReleaseRevoked", releaseId),
    newestOf(context, "ReleaseRejected", releaseId),
  ]);
  const against = [revoked, rejected].find((event) => (event?.sequence ?? 0) > (approved?.sequence ?? 0));
  if (approved === undefined || against !== undefined) {
    const why = against === undefined ? "it was never approved" : `${against.name} came after its approval`;
    throw refuse("QuorumNotMet", `${releaseId} cannot be deployed: ${why}.`, "Evaluate the release again.");
  }
  return digestsSchema.parse(approved.data.digests);
}

/** One reason for each thing that is not what was approved; empty where all is. */
export async function digestDifferences(
  context: AgentContext,
  approved: Digests,
  current: Digests,
): Promise<Refusal[]> {
  const changed = namesOf(approved, current).filter((key) => approved[key] !== current[key]);
  const reasons = changed.map((key) => mismatch(boundWords[key], approved[key], current[key]));
  const summary = await context.memory.read("releases", "ReleaseSummary.json");
  if (summary !== undefined && sameDigests(summaryDigests(summary), approved)) return reasons;
  return [...reasons, mismatch("ReleaseSummary.json", "the approval", "another set of digests")];
}

function namesOf(...digests: Digests[]): (keyof Digests)[] {
  return [...new Set(digests.flatMap((one) => Object.keys(one) as (keyof Digests)[]))];
}

function mismatch(what: string, expected: string | undefined, found: string | undefined): Refusal {
  return {
    code: "DigestMismatch",
    message: `the ${what} is not what was approved: expected ${shortened(expected)}, found ${shortened(found)}`,
    next: "The release is evaluated again for what is there now; approvals of the old state do not count.",
  };
}

function shortened(digest = "none"): string {
  return digest.startsWith("sha256:") ? digest.slice(0, "sha256:".length + 12) : digest;
}

function summaryDigests(text: string): unknown {
  const summary: unknown = JSON.parse(text);
  return typeof summary === "object" && summary !== null && "digests" in summary
    ? summary.digests
    : undefined;
}

function sameDigests(found: unknown, approved: Digests): boolean {
  const parsed = digestsSchema.safeParse(found);
  if (!parsed.success) return false;
  const { data } = parsed;
  return namesOf(approved, data).every((key) => data[key] === approved[key]);
}

async function newestOf(
  context: AgentContext,
  name: "ReleaseApproved" | "ReleaseRevoked" | "ReleaseRejected",
  releaseId: string,
): Promise<RecordedEvent | undefined> {
  return (await context.events(name)).find((event) => event.data.releaseId === releaseId);
}
