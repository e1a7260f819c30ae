/** Asks for the release before to serve again. Checked here, so that nothing is asked that cannot be done. */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { rollbackCodes } from "../domain/release/rollback-codes.ts";
import { currentOf, goodWithout } from "../domain/rollout/deployment-facts.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { placeOf, requireAccepted, requireNoOtherRollout, statesOf } from "./act-on-release.ts";
import { type FoundRelease, findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const requestRollbackInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
  code: z.enum(rollbackCodes).default("other"),
  comment: z.string().max(2_000).optional(),
  /** A pull request that takes the change back follows, whatever policy says. */
  revert: z.boolean().default(false),
});

export interface RollbackAsked {
  subject: Subject;
  environment: string;
  /** What will serve again; null: nothing, as before the rollout. */
  restores: { releaseId: string; version: string } | null;
}

export async function requestRollback(
  system: System,
  caller: Caller,
  input: z.output<typeof requestRollbackInput>,
): Promise<RollbackAsked> {
  const { reason, code, comment, revert } = input;
  const found = await findRelease(system, caller, input.releaseId);
  const { record, instance } = found;
  const { environment, releaseId } = instance;
  const policy = effectivePolicy(await system.tenants.get(caller.tenantId), policyAsked(record, environment));
  if (!policy.rollbackAllowed)
    throw refuse(
      "RollbackNotAllowed",
      `The release policy of ${environment} has rollbackAllowed: false.`,
      "Deliver a corrected version, or ask a StudioAdmin to change tenant.yaml.",
    );
  const restores = await findRestorable(system, found);
  requireAccepted(system, found, "RollbackRequested", "rolled back");
  // What serves and is bad waits for nobody.
  if ((await system.ledger.current(placeOf(found)))?.releaseId !== found.instance.releaseId)
    await requireNoOtherRollout(system, found);
  const why = { reason, code, ...(comment !== undefined && { comment }), ...(revert && { revert }) };
  await system.engine.append(record.subject, [
    {
      name: "RollbackRequested",
      source: sourceOf(caller),
      environment,
      releaseId,
      data: { by: caller.person, releaseId, ...why },
    },
  ]);
  return { subject: record.subject, environment, restores };
}

/** A release that takes or took the traffic without being good, so that there may be something of it to take back. */
const halfway = ["deploying", "escalated", "rollback_failed"];

async function findRestorable(system: System, found: FoundRelease): Promise<RollbackAsked["restores"]> {
  const { moduleId } = found.record.subject;
  const { environment, releaseId } = found.instance;
  const facts = await system.ledger.history(placeOf(found));
  const current = currentOf(facts);
  const good = goodWithout(facts, releaseId);
  const serves = current?.releaseId === releaseId;
  if (serves && good === undefined)
    throw refuse(
      "RollbackImpossible",
      `${releaseId} is the first release of ${moduleId} that was good in ${environment}; there is none to go back to.`,
      "Deliver a corrected version: connectsoft deliver <folder>",
    );
  if (!serves && !statesOf(system, found).some((state) => halfway.includes(state)))
    throw refuse(
      "RollbackImpossible",
      `${releaseId} does not serve ${moduleId} in ${environment}: ${current === undefined ? "nothing does" : `${current.releaseId} does`}.`,
      current === undefined
        ? "Deploy a release first."
        : `Name that one: studio request-rollback ${current.releaseId}`,
    );
  return good === undefined ? null : { releaseId: good.releaseId, version: good.version };
}
