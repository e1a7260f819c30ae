/**
 * Takes the approval of a release back after the fact. One that is on its way stops; one that serves is taken
 * back as policy says; one that served before is nothing to go back to any more.
 */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { currentOf } from "../domain/rollout/deployment-facts.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { placeOf, requireAccepted, statesOf } from "./act-on-release.ts";
import { type FoundRelease, findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const revokeReleaseInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
});

export interface Revoked {
  subject: Subject;
  environment: string;
  releaseId: string;
  /** Whether it has traffic now, or may have: it is taken back. */
  serves: boolean;
}

export async function revokeRelease(
  system: System,
  caller: Caller,
  { releaseId, reason }: z.output<typeof revokeReleaseInput>,
): Promise<Revoked> {
  const found = await findRelease(system, caller, releaseId);
  const { record, instance } = found;
  const { environment } = instance;
  if (statesOf(system, found).includes("revoked"))
    throw refuse(
      "Conflict",
      `${releaseId} is revoked already.`,
      `See: connectsoft timeline ${record.subject.traceId}`,
    );
  requireAccepted(system, found, "ReleaseRevoked", "revoked");
  const message = `${caller.person} revoked it: ${reason}`;
  const serves = await forgetAsGood(system, found, message);
  await system.engine.append(record.subject, [
    {
      name: "ReleaseRevoked",
      source: sourceOf(caller),
      environment,
      releaseId,
      data: { releaseId, by: caller.person, reason, reasons: [{ code: "ReleaseRevoked", message }] },
    },
  ]);
  return { subject: record.subject, environment, releaseId, serves };
}

/** Whether it serves or is being rolled out; then its rollback says in the ledger what became of it. */
async function forgetAsGood(system: System, found: FoundRelease, message: string): Promise<boolean> {
  const { releaseId } = found.instance;
  const facts = await system.ledger.history(placeOf(found));
  const own = facts.findLast((fact) => fact.releaseId === releaseId);
  const moving = statesOf(system, found).some((state) => ["deploying", "escalated"].includes(state));
  if (currentOf(facts)?.releaseId === releaseId || moving) return true;
  if (own === undefined) return false;
  await system.ledger.record({
    ...own,
    outcome: "Revoked",
    reasons: [{ code: "ReleaseRevoked", message }],
    at: system.clock.now().toISOString(),
    invocationId: `revoke.${releaseId}`,
  });
  return false;
}
