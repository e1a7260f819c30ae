/** Starts a state afresh: the one whose agent failed last, or one that a person names. Recorded as FlowMoved. */
import { z } from "zod";
import { type DeliveryRecord, mainInstance } from "../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import { refuse } from "../domain/refusal.ts";
import { slug, subjectSchema } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const retryDeliveryInput = subjectSchema.extend({
  /** Dotted path of the state; absent: the one that failed last. */
  from: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_.-]{0,200}$/,
      "expected the path of a state such as preparing.code.committing",
    )
    .optional(),
  environment: slug.optional(),
  reason: z.string().max(2_000).default("retried by hand"),
});

export interface Restart {
  instance: string;
  to: string;
}

export async function retryDelivery(
  system: System,
  caller: Caller,
  input: z.output<typeof retryDeliveryInput>,
): Promise<Restart> {
  const { from, environment, reason, ...subject } = input;
  const record = await findDelivery(system, caller, subject);
  const restart =
    from === undefined
      ? lastFailure(await system.store.events(subject), record)
      : namedState(system, record, { from, environment });
  checkRestartable(system, record, restart);
  const place = record.state.instances[restart.instance]?.environment;
  const draft = {
    name: "FlowMoved" as const,
    source: sourceOf(caller),
    data: { ...restart, by: caller.person, reason },
    ...(place !== undefined && { environment: place }),
  };
  await system.engine.append(subject, [draft]);
  return restart;
}

function lastFailure(events: DeliveryEvent[], record: DeliveryRecord): Restart {
  const failed = events.findLast((event) => eventName(event) === "AgentFailed" && event.data.late !== true);
  const invoked = events.find(
    (event) => eventName(event) === "AgentInvoked" && event.invocationid === failed?.invocationid,
  );
  const since = failed === undefined ? [] : events.filter((event) => event.sequence > failed.sequence);
  const movedOn = since.some(
    (event) =>
      ["AgentInvoked", "FlowMoved"].includes(eventName(event)) &&
      event.data.instance === invoked?.data.instance,
  );
  if (failed === undefined || invoked === undefined || movedOn)
    throw refuse(
      "Conflict",
      `No step of ${record.subject.traceId} has failed and waits to be tried again.`,
      `Name the state to start from: connectsoft retry ${record.subject.traceId} --from <state> (see connectsoft flow show)`,
    );
  return { instance: String(invoked.data.instance), to: String(invoked.data.fsmState) };
}

function namedState(
  system: System,
  record: DeliveryRecord,
  { from, environment }: { from: string; environment: string | undefined },
): Restart {
  const names = environment === undefined ? Object.keys(record.state.instances) : [environment];
  const having = names.filter(
    (name) => restartOf(system, record, { instance: name, to: from }) !== undefined,
  );
  const instance =
    having.find((name) => name === mainInstance) ?? (having.length === 1 ? having[0] : undefined);
  if (instance !== undefined) return { instance, to: from };
  throw refuse(
    "InputInvalid",
    having.length === 0
      ? `from: no flow of this delivery has a state ${from}${environment === undefined ? "" : ` in ${environment}`}.`
      : `from: ${having.join(" and ")} both have a state ${from}.`,
    having.length === 0 ? "See the states: connectsoft flow show" : `Add --env ${having[0]}`,
  );
}

/**
 * A state that no agent works in would claim something that nobody did, such as being live; one that starts
 * environments would go on to the next one, whatever became of the one before.
 */
function checkRestartable(system: System, record: DeliveryRecord, restart: Restart): void {
  const step = restartOf(system, record, restart);
  if (step?.effects.some(({ kind }) => kind === "invoke")) return;
  throw refuse(
    "InputInvalid",
    `from: no agent works in ${restart.to}, so nothing could be tried again there.`,
    "Name a state that invokes an agent: connectsoft flow show",
  );
}

function restartOf(system: System, record: DeliveryRecord, { instance, to }: Restart) {
  const running = record.state.instances[instance];
  if (running === undefined) return undefined;
  const environments = record.handOver?.environments ?? [];
  const { environment } = running;
  const context = environment === undefined ? { environments } : { environments, environment };
  return system.engine.flows.get(running.flow.digest).restart(running.snapshot, context, to);
}
