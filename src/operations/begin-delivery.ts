/** Begins a delivery with its first event; the same trace with the same bytes finds the delivery that is there. */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { JsonObject } from "../domain/json.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import { olderThan, settleRace, supersede } from "./supersede-older.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

/** What every hand-over says alike is filled in here. */
export type HandOverDraft = Omit<HandOver, "host" | "flow" | "environmentFlow">;

/** Whether it began now. An older delivery of the module that nobody approved yet is superseded. */
export async function beginDelivery(
  system: System,
  caller: Caller,
  { subject, draft }: { subject: Subject; draft: HandOverDraft },
): Promise<boolean> {
  const { engine } = system;
  const { delivery, environment } = system.builtInFlows;
  await engine.flows.add(delivery);
  await engine.flows.add(environment);
  const superseded = await olderThan(system, subject);
  const fact: HandOver = {
    ...draft,
    ...(superseded.length > 0 && { supersedes: superseded }),
    ...(caller.person !== draft.sponsor && { handedOverBy: caller.person }),
    host: system.host,
    flow: { name: delivery.name, digest: delivery.digest },
    environmentFlow: { name: environment.name, digest: environment.digest },
  };
  const event = {
    id: "hand-over",
    name: "ModuleReady" as const,
    source: sourceOf(caller),
    data: fact as unknown as JsonObject,
  };
  const { record, events } = await engine.append(subject, [event], { create: true });
  if (events.length > 0) {
    await supersede(system, subject, superseded);
    await settleRace(system, subject, superseded);
    return true;
  }
  if (record.handOver?.source.tree === fact.source.tree) return false;
  throw refuse(
    "Conflict",
    `${subjectKey(subject)} was handed over before with other content.`,
    "Hand it over under a new trace: leave --trace out.",
  );
}
