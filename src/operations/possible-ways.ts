/** The ways on that would come to something: a rollback is offered where there is a release to go back to. */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { explain } from "../domain/delivery/explain.ts";
import type { Explanation, Situation } from "../domain/delivery/situation.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import { effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { currentOf, goodWithout } from "../domain/rollout/deployment-facts.ts";
import type { System } from "./system.ts";

export async function explainPossible(
  system: System,
  record: DeliveryRecord,
  events: DeliveryEvent[],
): Promise<Explanation> {
  const look = { flows: system.engine.flows.get, now: system.clock.now().toISOString() };
  const told = explain({ record, events }, look);
  const impossible = new Set<string>();
  const situations = await Promise.all(
    told.situations.map(async (situation) => {
      const rollback = situation.ways.find(({ event }) => event === "RollbackRequested");
      if (rollback === undefined || (await canGoBack(system, record, situation))) return situation;
      impossible.add(rollback.command);
      return { ...situation, ways: situation.ways.filter((way) => way !== rollback) };
    }),
  );
  const { command, ...rest } = told;
  if (command === undefined || !impossible.has(command)) return { ...told, situations };
  const other = situations.find(({ sentence }) => sentence === told.sentence)?.ways[0]?.command;
  return { ...rest, situations, ...(other !== undefined && { command: other }) };
}

async function canGoBack(
  { tenants, ledger }: System,
  record: DeliveryRecord,
  { environment, releaseId }: Situation,
): Promise<boolean> {
  if (environment === undefined || releaseId === undefined) return false;
  const { tenantId, moduleId } = record.subject;
  if (!effectivePolicy(await tenants.get(tenantId), policyAsked(record, environment)).rollbackAllowed)
    return false;
  const facts = await ledger.history({ tenantId, environment, moduleId });
  return goodWithout(facts, releaseId) !== undefined || currentOf(facts)?.releaseId !== releaseId;
}
