/** Where a delivery stands, for people: one situation for each active state of its flows. */
import type { DeliveryEvent } from "../event/event.ts";
import type { DeliveryRecord } from "./delivery-state.ts";
import type { Closed, WayOn } from "./way-on.ts";

/** `working`: an agent is at it. `retrying`: it failed and is tried again. `waiting`: a person. `held`: time or a fact. */
export type SituationKind =
  | "waiting"
  | "stopped"
  | "held"
  | "retrying"
  | "working"
  | "idle"
  | "live"
  | "published"
  | "over";

export interface Situation {
  instance: string;
  environment?: string;
  releaseId?: string;
  /** Dotted path of the active state. */
  state: string;
  kind: SituationKind;
  /** The agent, the roles, or what else it waits for. */
  on: string;
  /** ISO 8601. */
  since: string;
  until?: string;
  sentence: string;
  /** What its refusal says to do. */
  advice?: string;
  ways: WayOn[];
}

export interface Explanation {
  /** The situation that matters most, in one sentence. */
  sentence: string;
  /** What resolves it, where a person can: a command, or a sentence with one. */
  command?: string;
  /** In place of the command, where it is not for the reader to run. */
  closed?: Closed;
  /** Commands that are for the reader all the same. */
  meanwhile?: string[];
  kind: SituationKind;
  situations: Situation[];
}

export interface Told {
  record: DeliveryRecord;
  /** The whole chain, in order. */
  events: readonly DeliveryEvent[];
}
