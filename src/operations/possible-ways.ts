/**
 * The explanation for one reader. Ways that would come to nothing are left out: a rollback is offered where there is
 * a release to go back to. One that the reader may not go stays, closed with the reason.
 */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { explain, resolutionOf } from "../domain/delivery/explain.ts";
import type { Explanation, Situation } from "../domain/delivery/situation.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import { effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { currentOf, goodWithout } from "../domain/rollout/deployment-facts.ts";
import { mayDo } from "./access/may-do.ts";
import { closeWays } from "./close-ways.ts";
import { adviseOnFreeze } from "./freezes/advise-on-freeze.ts";
import type { Caller, System } from "./system.ts";

export async function explainPossible(
  system: System,
  caller: Caller,
  { record, events }: { record: DeliveryRecord; events: DeliveryEvent[] },
): Promise<Explanation> {
  const look = { flows: system.engine.flows.get, now: system.clock.now().toISOString() };
  const { command, ...told } = explain({ record, events }, look);
  const possible = await Promise.all(
    told.situations.map(async (one) =>
      adviceFor(system, caller, { record, events, situation: await withoutVain(system, record, one) }),
    ),
  );
  const situations = await closeWays(system, caller, { record, events, situations: possible });
  const main = situations.find(({ sentence }) => sentence === told.sentence);
  if (told.kind === "over" || main === undefined) {
    const isTheirs = command !== undefined && (await mayHandOver(system, caller, record));
    return { ...told, situations, ...(isTheirs && { command }) };
  }
  const resolution = resolutionOf(main);
  if (resolution.closed === undefined) return { ...told, situations, ...resolution };
  return { ...told, situations, ...resolution, meanwhile: await meanwhile(system, caller, { record, main }) };
}

/** What a freeze holds is for some to let pass, and what is to be mended for some to hand over again. */
async function adviceFor(
  system: System,
  caller: Caller,
  { record, events, situation }: { record: DeliveryRecord; events: DeliveryEvent[]; situation: Situation },
): Promise<Situation> {
  if (situation.advice !== undefined && handOverAgain.test(situation.advice))
    return { ...situation, advice: await adviceOnHandOver(system, caller, record, situation.advice) };
  const { kind, environment, releaseId } = situation;
  if (kind !== "held" || environment === undefined || releaseId === undefined) return situation;
  if (!isFrozen(events, releaseId)) return situation;
  const { tenantId } = record.subject;
  const advice = await adviseOnFreeze(system, caller, { tenantId, environment, releaseId });
  return advice === undefined ? situation : { ...situation, advice };
}

const handOverAgain = /: connectsoft deliver \S+?(?=[;.]?(?:\s|$))/;

/** The command is for who may; the others are told whose delivery it is. */
async function adviceOnHandOver(
  system: System,
  caller: Caller,
  record: DeliveryRecord,
  advice: string,
): Promise<string> {
  const { handOver } = record;
  if (handOver === undefined || (await mayHandOver(system, caller, record))) return advice;
  return `${advice.replace(handOverAgain, "").replace(/\.$/, "")}. ${handOver.sponsor} handed it over.`;
}

async function mayHandOver(system: System, caller: Caller, { subject }: DeliveryRecord): Promise<boolean> {
  const { tenantId, moduleId } = subject;
  return (await mayDo(system, caller, { action: "hand-over", tenantId, moduleId })).allowed;
}

/** It is what it was held for last. */
function isFrozen(events: readonly DeliveryEvent[], releaseId: string): boolean {
  const delayed = events.findLast(
    (event) => eventName(event) === "ReleaseDelayed" && event.data.releaseId === releaseId,
  );
  const reasons = delayed?.data.reasons;
  const [first] = Array.isArray(reasons) ? reasons : [];
  return typeof first === "object" && first !== null && "code" in first && first.code === "FreezeActive";
}

/** What is left to whom it is closed: to say something about the release, and to wait. */
async function meanwhile(
  system: System,
  caller: Caller,
  { record, main: { kind, environment, releaseId } }: { record: DeliveryRecord; main: Situation },
): Promise<string[]> {
  const follow = `connectsoft deliver --follow ${record.subject.traceId}`;
  if (kind !== "waiting" || releaseId === undefined) return [follow];
  const place = { ...record.subject, environment, releaseId };
  const { allowed } = await mayDo(system, caller, { action: "comment", ...place });
  return allowed ? [`studio comment ${releaseId} --comment "..."`, follow] : [follow];
}

async function withoutVain(system: System, record: DeliveryRecord, situation: Situation): Promise<Situation> {
  const rollback = situation.ways.find(({ event }) => event === "RollbackRequested");
  if (rollback === undefined || (await canGoBack(system, record, situation))) return situation;
  return { ...situation, ways: situation.ways.filter((way) => way !== rollback) };
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
