/** Asks for the release before to serve again. Checked here, so that nothing is asked that cannot be done. */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { effectivePolicy } from "../domain/release/effective-policy.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { type FoundRelease, findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const requestRollbackInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().min(1, "say why, for those who read the record").max(2_000),
});

export interface RollbackAsked {
  subject: Subject;
  environment: string;
  /** What will serve again. */
  restores: { releaseId: string; version: string };
}

export async function requestRollback(
  system: System,
  caller: Caller,
  input: z.output<typeof requestRollbackInput>,
): Promise<RollbackAsked> {
  const found = await findRelease(system, caller, input.releaseId);
  const { record, instance } = found;
  const { environment, releaseId } = instance;
  const policy = effectivePolicy(await system.tenants.get(caller.tenantId), environment);
  if (!policy.rollbackAllowed)
    throw refuse(
      "RollbackNotAllowed",
      `The release policy of ${environment} has rollbackAllowed: false.`,
      "Deliver a corrected version, or ask a StudioAdmin to change tenant.yaml.",
    );
  const restores = await findRestorable(system, found);
  checkState(system, found);
  await system.engine.append(record.subject, [
    {
      name: "RollbackRequested",
      source: sourceOf(caller),
      environment,
      releaseId,
      data: { by: caller.person, reason: input.reason, releaseId },
    },
  ]);
  return {
    subject: record.subject,
    environment,
    restores: { releaseId: restores.releaseId, version: restores.version },
  };
}

async function findRestorable(system: System, { record, instance }: FoundRelease) {
  const { tenantId, moduleId } = record.subject;
  const { environment, releaseId } = instance;
  const place = { tenantId, environment, moduleId };
  const current = await system.ledger.current(place);
  if (current === undefined || current.releaseId !== releaseId)
    throw refuse(
      "RollbackImpossible",
      `${releaseId} does not serve ${moduleId} in ${environment}: ${current === undefined ? "nothing does" : `${current.releaseId} does`}.`,
      current === undefined
        ? "Deploy a release first."
        : `Name that one: studio request-rollback ${current.releaseId}`,
    );
  const before = await system.ledger.lastKnownGood(place, releaseId);
  if (before !== undefined) return before;
  throw refuse(
    "RollbackImpossible",
    `${releaseId} is the first release of ${moduleId} that was good in ${environment}; there is none to go back to.`,
    "Deliver a corrected version: connectsoft deliver <folder>",
  );
}

function checkState(system: System, { record, instance }: FoundRelease): void {
  const flow = system.engine.flows.get(instance.flow.digest);
  const environments = record.handOver?.environments ?? [];
  const context = { environments, environment: instance.environment };
  if (!instance.halted && flow.accepts(instance.snapshot, context).includes("RollbackRequested")) return;
  throw refuse(
    "Conflict",
    `${instance.releaseId} is in ${flow.active(instance.snapshot).join(", ")} and cannot be rolled back from there.`,
    `See what it waits for: connectsoft explain ${record.subject.traceId}`,
  );
}
