/** Where the flows of a delivery have been: which states, when, how they were left, and by which way; from the chain alone. */
import { type DeliveryEvent, eventName, genesis } from "../event/event.ts";
import { activeStates } from "../flow/state-value.ts";
import type { Subject } from "../scope.ts";
import { type DeliveryRecord, type FlowInstance, initialState } from "./delivery-state.ts";
import { evolve, type FlowLookup } from "./evolve.ts";

export interface Visits {
  /** By the dotted path of an innermost state. */
  states: Map<string, Visit>;
  /** `<from> <to>` of the ways that were taken. */
  ways: Set<string>;
}

export interface Visit {
  times: number;
  /** When it was entered last, ISO 8601. */
  enteredAt: string;
  /** When it was left last. */
  leftAt?: string;
  /** What left it last was a failure. */
  failed: boolean;
}

/** By flow instance, of its newest round. `events` is the whole chain. */
export function visitedStates(
  subject: Subject,
  events: readonly DeliveryEvent[],
  flows: FlowLookup,
): Map<string, Visits> {
  const found = new Map<string, Visits>();
  let record: DeliveryRecord = { subject, head: genesis, handOver: undefined, state: initialState };
  for (const event of events) {
    const before = record.state.instances;
    record = evolve(record, event, flows).record;
    for (const [name, instance] of Object.entries(record.state.instances)) {
      const former = before[name];
      if (former?.begun !== instance.begun) found.set(name, { states: new Map(), ways: new Set() });
      const visits = found.get(name);
      if (visits !== undefined && former?.snapshot !== instance.snapshot)
        note(visits, { from: former?.begun === instance.begun ? former : undefined, to: instance, event });
    }
  }
  return found;
}

function note(
  { states, ways }: Visits,
  { from, to, event }: { from: FlowInstance | undefined; to: FlowInstance; event: DeliveryEvent },
): void {
  const was = from === undefined ? [] : activeStates(from.snapshot.value);
  const is = activeStates(to.snapshot.value);
  const left = was.filter((state) => !is.includes(state));
  const entered = is.filter((state) => !was.includes(state));
  for (const state of left) {
    const visit = states.get(state);
    if (visit !== undefined) states.set(state, { ...visit, leftAt: event.time, failed: isFailure(event) });
  }
  for (const state of entered) {
    const { times = 0 } = states.get(state) ?? {};
    states.set(state, { times: times + 1, enteredAt: event.time, failed: false });
    for (const origin of left) ways.add(`${origin} ${state}`);
  }
}

const failures: ReadonlySet<string> = new Set([
  "AgentFailed",
  "DeploymentFailed",
  "InfraFailed",
  "PipelineInvalid",
  "ReleaseRejected",
  "RollbackFailed",
  "RollbackTriggered",
]);

function isFailure(event: DeliveryEvent): boolean {
  return failures.has(eventName(event));
}
