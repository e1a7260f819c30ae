/** The state of a delivery: what its events add up to, as plain JSON. */
import type { ChainHead } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { FlowSnapshot, RetryPolicy } from "../flow/compiled-flow.ts";
import type { Subject } from "../scope.ts";
import type { HandOver } from "./hand-over.ts";

/** `held` waits behind an earlier delivery of the same module; `cancelled` and `superseded` are over. */
export type DeliveryPhase = "new" | "open" | "cancelled" | "superseded";

export interface FlowInstance {
  flow: { name: string; digest: string };
  environment?: string;
  releaseId?: string;
  snapshot: FlowSnapshot;
  /** Sequence of the event that began it: what began before an earlier environment did belongs to an earlier round. */
  begun: number;
  /** Whether a release has been deployed since it began. */
  deployed?: true;
  /** The delivery ended while something was on its way here: it hears nothing until a person moves it. */
  halted?: true;
  /** The verdict that brought it to its present state names a freeze. */
  frozen?: true;
  /** When it entered its present state, ISO 8601. */
  since: string;
}

export interface OpenInvocation {
  invocationId: string;
  instance: string;
  key: string;
  agentId: string;
  skillId: string;
  fsmState: string;
  step: number;
  /** 1 for the first; a result of any other attempt than this is late. */
  attempt: number;
  /** Failed attempts so far. */
  retries: number;
  retry: RetryPolicy;
  invokedAt: string;
  environment?: string;
  releaseId?: string;
  /** When it may run, ISO 8601; null: when one of `wakeOn` is appended. */
  dueAt: string | null;
  wakeOn: EventName[];
  /** What has been appended since its attempt was made: an event that it did not wait for yet must not be missed. */
  heard: EventName[];
}

export interface KnownArtifact {
  version: number;
  sha256: string;
  /** Its release has been deployed: it takes no further version. */
  locked?: true;
}

/** What a delivery that is over would still await; a person who moves it takes this up again. */
export interface Suspended {
  invocations: Record<string, OpenInvocation>;
  timers: Record<string, { dueAt: string }>;
}

export interface DeliveryState {
  phase: DeliveryPhase;
  step: number;
  instances: Record<string, FlowInstance>;
  invocations: Record<string, OpenInvocation>;
  /** By `<instance>/<timerId>`. */
  timers: Record<string, { dueAt: string }>;
  /** Newest version by path. */
  artifacts: Record<string, KnownArtifact>;
  /** Only while it is over. */
  suspended?: Suspended;
}

export interface DeliveryRecord {
  subject: Subject;
  head: ChainHead;
  handOver: HandOver | undefined;
  state: DeliveryState;
}

/** The name of the delivery's own flow instance; the others are named after their environment. */
export const mainInstance = "delivery";

export const initialState: DeliveryState = {
  phase: "new",
  step: 0,
  instances: {},
  invocations: {},
  timers: {},
  artifacts: {},
};

export function isOver(phase: DeliveryPhase): boolean {
  return phase === "cancelled" || phase === "superseded";
}
