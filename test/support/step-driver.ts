/** Drives one delivery by pure steps, as a store does, with nothing else around it. */
import { decideStep } from "../../src/domain/delivery/decide-step.ts";
import {
  type DeliveryRecord,
  initialState,
  type OpenInvocation,
} from "../../src/domain/delivery/delivery-state.ts";
import type { FlowLookup } from "../../src/domain/delivery/evolve.ts";
import type { AttemptResult, StepDecision, StepInput } from "../../src/domain/delivery/step.ts";
import { type DeliveryEvent, type EventDraft, eventName, genesis } from "../../src/domain/event/event.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { CompiledFlow } from "../../src/domain/flow/compiled-flow.ts";
import { loadFlow } from "../../src/domain/flow/load-flow.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { sampleHandOver } from "./agent-context.ts";
import { builtIn, subjectOf } from "./rig.ts";
import { scriptedManifests } from "./scripted-agents.ts";

export interface StepDriver {
  record(): DeliveryRecord;
  events: DeliveryEvent[];
  take(input: StepInput): StepDecision;
  tell(name: EventName, data: JsonObject, more?: Partial<EventDraft>): StepDecision;
  /** The open invocation of a state; a test that names one that is not open fails. */
  open(fsmState: string): OpenInvocation;
  end(fsmState: string, over?: Partial<AttemptResult>): StepDecision;
  states(): string[];
  pass(ms: number): void;
}

const start = Date.parse("2025-05-23T10:00:00.000Z");

/** `flow`: the text of the delivery's flow, where it is not the built-in one. */
export function createStepDriver(options: { flow?: string; environments?: string[] } = {}): StepDriver {
  const main = options.flow === undefined ? builtIn.delivery : compileText(options.flow);
  const flows = new Map([main, builtIn.environment].map((flow) => [flow.digest, flow]));
  const lookup: FlowLookup = (digest) => found(flows.get(digest), digest);
  const events: DeliveryEvent[] = [];
  const known = new Set<string>();
  let elapsedMs = 0;
  let record: DeliveryRecord = {
    subject: subjectOf("trace-step"),
    head: genesis,
    handOver: undefined,
    state: initialState,
  };
  const driver: StepDriver = {
    events,
    record: () => record,
    take(input) {
      const now = new Date(start + elapsedMs).toISOString();
      const decision = decideStep(record, input, { flows: lookup, now, known });
      record = JSON.parse(JSON.stringify(decision.record)) as DeliveryRecord;
      events.push(...decision.events);
      for (const event of decision.events) known.add(event.id);
      return decision;
    },
    tell: (name, data, more = {}) =>
      driver.take({ kind: "append", drafts: [{ name, source: "/cli", data, ...more }] }),
    open(fsmState) {
      const open = Object.values(record.state.invocations).find((one) => one.fsmState === fsmState);
      return found(open, `open invocation of ${fsmState}`);
    },
    end(fsmState, over = {}) {
      const { invocationId, attempt } = driver.open(fsmState);
      const result: AttemptResult = {
        invocationId,
        attempt,
        durationMs: 1,
        emits: [],
        artifacts: [],
        end: { status: "Success", summary: "done" },
        ...over,
      };
      return driver.take({ kind: "result", result });
    },
    states: () =>
      Object.entries(record.state.instances).flatMap(([name, { flow, snapshot }]) =>
        lookup(flow.digest)
          .active(snapshot)
          .map((state) => `${name}: ${state}`),
      ),
    pass(ms) {
      elapsedMs += ms;
    },
  };
  const handOver = {
    ...sampleHandOver(),
    ...(options.environments !== undefined && { environments: options.environments }),
    flow: { name: main.name, digest: main.digest },
    environmentFlow: { name: "environment", digest: builtIn.environment.digest },
  };
  driver.tell("ModuleReady", handOver as unknown as JsonObject, { id: "hand-over" });
  return driver;
}

export function namesOf(decision: { events: DeliveryEvent[] }): EventName[] {
  return decision.events.map(eventName);
}

function compileText(text: string): CompiledFlow {
  return loadFlow(text, "test.yaml", scriptedManifests);
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
