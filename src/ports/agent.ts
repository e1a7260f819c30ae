/**
 * An agent does one step of a delivery. It runs at least once: every outside effect carries the
 * `invocationId` and looks before it acts. What it emits and writes is committed in the same transaction
 * as the step that it completes, or not at all; `announce` alone commits at once.
 */
import type { AgentManifest } from "../domain/agent/manifest.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { JsonObject } from "../domain/json.ts";
import type { ArtifactKind } from "../domain/memory/artifact-path.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Scope } from "../domain/scope.ts";

/** What an invocation hands the agent (2-contracts §4). */
export interface Invocation extends Scope {
  /** Idempotency key of every outside effect; the same for every attempt of one invocation. */
  invocationId: string;
  agentId: string;
  skillId: string;
  /** The flow state that invoked it. */
  fsmState: string;
  /** Counts the steps of the delivery. */
  step: number;
  /** 0 on the first attempt. */
  retries: number;
  compliance: boolean;
  /** When the invocation was made, ISO 8601: the date of commits and records, equal in every attempt. */
  invokedAt: string;
}

/** Trace-scoped memory, bounded by the agent's manifest. Names are `kind` and artifact name; the scope is the invocation's. */
export interface AgentMemory {
  /** Newest version visible to this invocation: the environment's own, else the module's; undefined where there is none. */
  read(kind: ArtifactKind, name: string): Promise<string | undefined>;
  /** Newest version that another delivery of the same module wrote, outside of any environment. */
  readFrom(traceId: string, kind: ArtifactKind, name: string): Promise<string | undefined>;
  /** Buffered; a new version is added when the step is committed. `scope: "module"` leaves the environment out of the path. */
  write(kind: ArtifactKind, name: string, content: string, scope?: "environment" | "module"): void;
}

/** Another delivery: trace and module are the invocation's own where they are absent. */
export interface Addressee {
  traceId?: string;
  moduleId?: string;
  /** Names the fact, where others may state it too: on one chain it is recorded once. */
  id?: string;
}

export interface AgentContext {
  invocation: Invocation;
  handOver: HandOver;
  memory: AgentMemory;
  /** The events of this delivery so far by name, newest first, late results left out. */
  events(name: EventName): Promise<RecordedEvent[]>;
  /**
   * Commits an event at once, for people and subscribers who watch. A repeated attempt does not repeat it: events
   * of a name are the same by their order, or by `key` where an attempt may begin later than the one before.
   */
  announce(name: EventName, data: JsonObject, key?: string): Promise<void>;
  /**
   * Commits an event at once on the chain of another delivery of the tenant, in the invocation's environment: what
   * this one does concerns that one. A repeated attempt does not repeat it.
   */
  tell(to: Addressee, name: EventName, data: JsonObject): Promise<void>;
  /** A line for those who watch live; kept nowhere. */
  progress(line: string): void;
  /** Aborted when the invocation is cancelled or the worker stops. */
  signal: AbortSignal;
  now(): Date;
}

export interface RecordedEvent {
  id: string;
  name: EventName;
  time: string;
  sequence: number;
  environment?: string;
  releaseId?: string;
  source: string;
  data: JsonObject;
}

export interface Emission {
  name: EventName;
  data: JsonObject;
}

/**
 * Success: the step is done. Failed: it is not; `retryable` lets the flow's retry policy try again with backoff.
 * Delayed: nothing more can be done now; the invocation stays open and runs again when one of `wakeOn` is
 * appended or `until` (ISO 8601) has come, with the same invocationId.
 */
export type AgentOutcome =
  | { status: "Success"; emits: Emission[]; summary: string }
  | { status: "Failed"; emits: Emission[]; refusal: Refusal; retryable: boolean }
  | { status: "Delayed"; emits: Emission[]; summary: string; wakeOn: EventName[]; until?: string };

export type Skill = (context: AgentContext) => Promise<AgentOutcome>;

export interface Agent {
  manifest: AgentManifest;
  skills: Record<string, Skill>;
}
