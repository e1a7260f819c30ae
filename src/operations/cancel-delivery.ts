/**
 * Ends a delivery: nothing of it runs any further. What serves goes on serving; a rollout that is under way is taken
 * back by a rollback, which is asked for in the same step and goes on to its end. Where policy does not allow that, the
 * rollout stays where it was, and people are told.
 */
import { z } from "zod";
import { type DeliveryRecord, isOver } from "../domain/delivery/delivery-state.ts";
import type { EventDraft } from "../domain/event/event.ts";
import { effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { subjectSchema } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const cancelDeliveryInput = subjectSchema.extend({ reason: z.string().max(2_000).default("") });

export interface Cancelled {
  phase: string;
  recorded: boolean;
  /** Environments whose rollout is taken back. */
  takenBack: string[];
  /** Environments whose rollout keeps the share of the traffic that it had: policy allows no rollback there. */
  left: string[];
}

/** Cancelling what is over changes nothing. */
export async function cancelDelivery(
  system: System,
  caller: Caller,
  input: z.output<typeof cancelDeliveryInput>,
): Promise<Cancelled> {
  const { reason, ...subject } = input;
  const record = await findDelivery(system, caller, subject);
  if (isOver(record.state.phase))
    return { phase: record.state.phase, recorded: false, takenBack: [], left: [] };
  const data = { by: caller.person, ...(reason !== "" && { reason }) };
  const rolledOut = environmentsRolledOut(system, record);
  const tenant = await system.tenants.get(subject.tenantId);
  const mayGoBack = (environment: string) =>
    effectivePolicy(tenant, policyAsked(record, environment)).rollbackAllowed;
  const decision = await system.engine.append(subject, [
    ...rolledOut.map((environment) => takeBack(caller, { record, environment, reason })),
    { name: "DeliveryCancelled", source: sourceOf(caller), data },
  ]);
  return {
    phase: decision.record.state.phase,
    recorded: true,
    takenBack: rolledOut.filter(mayGoBack),
    left: rolledOut.filter((environment) => !mayGoBack(environment)),
  };
}

function environmentsRolledOut({ engine }: System, { state }: DeliveryRecord): string[] {
  return Object.values(state.instances).flatMap(({ environment, flow, snapshot }) =>
    environment !== undefined && engine.flows.get(flow.digest).active(snapshot).includes("deploying")
      ? [environment]
      : [],
  );
}

/** The version is not bad, so the rollback holds it not. */
function takeBack(
  caller: Caller,
  { record, environment, reason }: { record: DeliveryRecord; environment: string; reason: string },
): EventDraft {
  const releaseId = record.state.instances[environment]?.releaseId;
  const why = `the delivery was cancelled while it was rolled out${reason === "" ? "" : `: ${reason}`}`;
  return {
    name: "RollbackRequested",
    source: sourceOf(caller),
    environment,
    ...(releaseId !== undefined && { releaseId }),
    data: {
      by: caller.person,
      reason: why,
      cancelled: true,
      ...(releaseId !== undefined && { releaseId }),
    },
  };
}
