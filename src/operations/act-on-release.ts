/** What acts on a release have in common: whether its flow would take them now, and what else moves there. */
import type { EventName } from "../domain/event/event-catalogue.ts";
import { refuse } from "../domain/refusal.ts";
import type { Place } from "../ports/release-ledger.ts";
import type { FoundRelease } from "./find-delivery.ts";
import type { System } from "./system.ts";

export function placeOf({ record, instance }: FoundRelease): Place {
  const { tenantId, moduleId } = record.subject;
  return { tenantId, environment: instance.environment, moduleId };
}

export function statesOf(system: System, { instance }: FoundRelease): string[] {
  return system.engine.flows.get(instance.flow.digest).active(instance.snapshot);
}

export function accepts(system: System, { record, instance }: FoundRelease, name: EventName): boolean {
  const environments = record.handOver?.environments ?? [];
  const context = { environments, environment: instance.environment };
  const flow = system.engine.flows.get(instance.flow.digest);
  return instance.halted !== true && flow.accepts(instance.snapshot, context).includes(name);
}

/** Refuses with Conflict; `act` completes "release-000001 is in ... and cannot be ...". */
export function requireAccepted(system: System, found: FoundRelease, name: EventName, act: string): void {
  if (accepts(system, found, name)) return;
  const { record, instance } = found;
  const { traceId } = record.subject;
  const states = statesOf(system, found).join(", ");
  if (instance.halted)
    throw refuse(
      "Conflict",
      `${instance.releaseId} stopped in ${states} when ${traceId} was ${record.state.phase}, and cannot be ${act} from there.`,
      states.includes("deploying")
        ? `Take back what it has moved: connectsoft retry ${traceId} --from rolling_back --env ${instance.environment}`
        : `Take it up again: connectsoft retry ${traceId} --from <state> --env ${instance.environment}`,
    );
  throw refuse(
    "Conflict",
    `${instance.releaseId} is in ${states} and cannot be ${act} from there.`,
    `See what it waits for: connectsoft explain ${traceId}`,
  );
}

/** Refuses with Conflict while another delivery's release of the module is being rolled out at the place. */
export async function requireNoOtherRollout(system: System, found: FoundRelease): Promise<void> {
  const { tenantId, environment, moduleId } = placeOf(found);
  const moving = await system.store.list({ tenantId, moduleId, state: "deploying" });
  for (const { subject, active } of moving) {
    if (subject.traceId === found.record.subject.traceId) continue;
    if (active[environment]?.includes("deploying") !== true) continue;
    const other = (await system.store.load(subject))?.state.instances[environment]?.releaseId;
    throw refuse(
      "Conflict",
      `${other} of ${subject.traceId} is being rolled out in ${environment} right now, and the traffic is its own until it has ended.`,
      `Take that one back first: studio request-rollback ${other} --reason "..."; or wait: connectsoft deliver --follow ${subject.traceId}`,
    );
  }
}
