/** Drives a compiled flow as the engine does: every step begins from a snapshot that was JSON text. */
import { readFileSync } from "node:fs";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type {
  CompiledFlow,
  FlowContext,
  FlowEffect,
  FlowInput,
  FlowSnapshot,
  FlowStep,
} from "../../src/domain/flow/compiled-flow.ts";
import { loadFlow } from "../../src/domain/flow/load-flow.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { manifests } from "./manifests.ts";

export const noon = "2026-01-01T12:00:00.000Z";
export const path: FlowContext = { environments: ["dev", "staging", "production"] };

export function readFlow(file: string): CompiledFlow {
  return loadFlow(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), file, manifests);
}

export function event(name: EventName, data: JsonObject = {}, environment?: string): FlowInput {
  return { kind: "event", name, time: noon, data, ...(environment === undefined ? {} : { environment }) };
}

export const done = (key: string): FlowInput => ({ kind: "done", key });
export const failed = (key: string): FlowInput => ({ kind: "failed", key });
export const timer = (timerId: string): FlowInput => ({ kind: "timer", timerId });

export interface Drive {
  readonly effects: FlowEffect[];
  readonly snapshot: FlowSnapshot;
  active(): string[];
  accepts(): EventName[];
  send(...inputs: FlowInput[]): FlowStep;
  restart(state: string): FlowStep | undefined;
}

/** `effects` are those of all steps so far. */
export function drive(flow: CompiledFlow, context: FlowContext = path): Drive {
  const first = flow.start(context);
  let snapshot = first.snapshot;
  const effects = [...first.effects];
  const kept = () => JSON.parse(JSON.stringify(snapshot)) as FlowSnapshot;
  const take = (step: FlowStep): FlowStep => {
    snapshot = step.snapshot;
    effects.push(...step.effects);
    return step;
  };
  return {
    effects,
    get snapshot() {
      return kept();
    },
    active: () => flow.active(kept()),
    accepts: () => flow.accepts(kept(), context),
    send(...inputs) {
      let last: FlowStep = { snapshot, moved: false, effects: [] };
      for (const input of inputs) last = take(flow.send(kept(), context, input));
      return last;
    },
    restart(state) {
      const step = flow.restart(kept(), context, state);
      return step === undefined ? undefined : take(step);
    },
  };
}

/** A flow of the given text, for the six agents. */
export function flowOf(text: string): CompiledFlow {
  return loadFlow(text, "flows/test.yaml", manifests);
}

export function kinds(effects: FlowEffect[]): string[] {
  return effects.map((effect) => {
    if ("key" in effect) return `${effect.kind} ${effect.key}`;
    return "timerId" in effect ? `${effect.kind} ${effect.timerId}` : `${effect.kind} ${effect.name}`;
  });
}
