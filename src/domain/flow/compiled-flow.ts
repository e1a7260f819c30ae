/**
 * A flow as the engine sees it: pure transitions on a snapshot that is plain JSON. Nothing of a waiting
 * delivery is in memory; what the flow wants done comes back as effects.
 */
import type { EventName } from "../event/event-catalogue.ts";
import type { Json, JsonObject } from "../json.ts";

export interface FlowSnapshot {
  value: Json;
  status: "active" | "done";
  history?: Json;
}

/** What guards and delays may look at, beside the event. */
export interface FlowContext {
  /** Promotion path of the delivery. */
  environments: string[];
  /** The environment that this instance is for; absent for the delivery's own flow. */
  environment?: string;
}

export interface RetryPolicy {
  /** Attempts after the first. */
  limit: number;
  /** Delay before the first of them in milliseconds; doubled for each further one. */
  backoffMs: number;
}

export type FlowEffect =
  /** `key` is unique among what an instance awaits at one time; `state` is the dotted path of the invoking state. */
  | { kind: "invoke"; key: string; state: string; agentId: string; skillId: string; retry: RetryPolicy }
  | { kind: "invokeFlow"; key: string; state: string; flow: string }
  /** What was awaited under this key is not awaited any more. */
  | { kind: "abandon"; key: string }
  | { kind: "timer"; timerId: string; delayMs: number }
  | { kind: "cancelTimer"; timerId: string }
  /** An event that the flow itself states when it enters a state (`emit:`). */
  | { kind: "emit"; name: EventName };

export type FlowInput =
  | { kind: "event"; name: EventName; environment?: string; time: string; data: JsonObject }
  | { kind: "done"; key: string }
  | { kind: "failed"; key: string }
  | { kind: "timer"; timerId: string };

export interface FlowStep {
  snapshot: FlowSnapshot;
  /** False where the flow has no transition for the input. */
  moved: boolean;
  effects: FlowEffect[];
}

export interface CompiledFlow {
  name: string;
  /** `sha256:` of the file's text: the version that a delivery stays on. */
  digest: string;
  /** The file's text, kept so that a delivery can go on with the version it began with. */
  text: string;
  start(context: FlowContext): FlowStep;
  send(snapshot: FlowSnapshot, context: FlowContext, input: FlowInput): FlowStep;
  /** Enters a named state (dotted path) afresh, as a person's `FlowMoved` asks; undefined where there is no such state. */
  restart(snapshot: FlowSnapshot, context: FlowContext, state: string): FlowStep | undefined;
  /** Whether every active state is tagged `settled`: nothing is on its way, so the end of a delivery leaves it as it is. */
  settled(snapshot: FlowSnapshot): boolean;
  /** Whether every active state is tagged `settled` or `finishing`: the end of a delivery lets it go on to its end. */
  outlives(snapshot: FlowSnapshot): boolean;
  /** Dotted paths of the active atomic states. */
  active(snapshot: FlowSnapshot): string[];
  /** Names of the events that would move the flow now. */
  accepts(snapshot: FlowSnapshot, context: FlowContext): EventName[];
}
