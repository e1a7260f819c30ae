/**
 * The engine's truth. One `step` call is one transaction: records are locked, duplicates dropped, decisions
 * taken, and events, state, artifacts, jobs and timers written together or not at all. When it returns, the
 * step survives any crash. Jobs and timers are projections of the state, kept in rows so that they can be found.
 */

import type { DeliveryPhase, DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { ArtifactVersion, StepDecision, StepInput } from "../domain/delivery/step.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { Subject } from "../domain/scope.ts";

export interface StepRequest {
  subject: Subject;
  input: StepInput;
  /** Whether the record may be made; otherwise an unknown delivery is NotFound. */
  create: boolean;
}

export type Decide = (record: DeliveryRecord, input: StepInput, known: ReadonlySet<string>) => StepDecision;

/** One invocation that may run: the row of an open invocation. */
export interface Job {
  subject: Subject;
  invocationId: string;
  attempt: number;
  agentId: string;
  queue: string;
  /** ISO 8601. */
  dueAt: string;
}

/** Where a job goes: the queue of its agent on the delivery's host, or the common one. */
export type Route = (record: DeliveryRecord, agentId: string) => string;

/** Called for each job that is due at once; the worker that will run it without being asked, or undefined. */
export type Reserve = (job: Job) => string | undefined;

export interface StepOptions {
  decide: Decide;
  route: Route;
  reserve: Reserve;
  now: string;
}

export type StepOutcome =
  | { status: "done"; decision: StepDecision; reserved: Job[] }
  /** What `decide` threw, NotFound, or what cannot be stored; the others of the batch are not affected. */
  | { status: "refused"; error: Error };

export interface DeliverySummary {
  subject: Subject;
  phase: DeliveryPhase;
  /** Active states by flow instance. */
  active: Record<string, string[]>;
  sequence: number;
  createdAt: string;
  updatedAt: string;
}

export interface DeliveryQuery {
  tenantId?: string;
  moduleId?: string;
  traceId?: string;
  phase?: DeliveryPhase;
  state?: string;
  /** Of each module the newest delivery alone. */
  newestOfModule?: boolean;
  /** Those whose module depends on others, alone. */
  dependent?: boolean;
  limit?: number;
}

export interface EventQuery {
  after?: number;
  names?: EventName[];
  limit?: number;
}

export interface StoredArtifact extends Omit<ArtifactVersion, "content"> {
  writtenAt: string;
  bytes: number;
}

export interface ArtifactContent {
  content: string;
  version: number;
  sha256: string;
}

export interface EngineStore {
  /**
   * Rejects where nothing is known of the outcome: the step may have been taken. An input that is taken again
   * is recognised by the ids that it names, so a caller may try again until it has an answer.
   */
  step(requests: StepRequest[], options: StepOptions): Promise<StepOutcome[]>;

  load(subject: Subject): Promise<DeliveryRecord | undefined>;
  /** Newest first; `state`: only deliveries with an active state of this name. At most 100 unless `limit` says otherwise. */
  list(query: DeliveryQuery): Promise<DeliverySummary[]>;
  /** The delivery that proposed a release. */
  findByRelease(tenantId: string, releaseId: string): Promise<Subject | undefined>;
  /** 1, 2, 3, ... for a tenant and a day (`2025-05-23`); no number is given twice. */
  nextTraceNumber(tenantId: string, day: string): Promise<number>;
  /** In order of the chain. */
  events(subject: Subject, query?: EventQuery): Promise<DeliveryEvent[]>;
  /** Newest versions, or all of them, of a trace's artifacts of one tenant. */
  artifacts(query: {
    tenantId: string;
    traceId?: string;
    moduleId?: string;
    allVersions?: boolean;
  }): Promise<StoredArtifact[]>;
  artifact(query: { tenantId: string; path: string; version?: number }): Promise<ArtifactContent | undefined>;
  /** The newest versions of several artifacts by their paths; what is not there is left out. */
  newestArtifacts(query: { tenantId: string; paths: string[] }): Promise<Map<string, ArtifactContent>>;

  /** Takes due, unclaimed jobs of the queues for a worker, oldest first; `except` names agents with no room. */
  claimJobs(request: {
    worker: string;
    queues: string[];
    limit: number;
    except: string[];
    now: string;
  }): Promise<Job[]>;
  /**
   * The jobs that a worker has: reserved or claimed, and not ended. After an answer that was lost on its way
   * the worker learns here what it was given all the same.
   */
  heldJobs(worker: string): Promise<Job[]>;
  /** Gives back jobs that a worker took and did not run. */
  releaseJobs(worker: string): Promise<void>;
  dueTimers(request: { now: string; limit: number }): Promise<{ subject: Subject; timer: string }[]>;
  /** When the next timer or unclaimed job is due, ISO 8601; past ones included. */
  nextDueAt(queues: string[]): Promise<string | undefined>;

  /**
   * Registers a worker that counts as alive for as long as this process and its database session live.
   * `formerly`: the name of its earlier enlistment, whose jobs it keeps where nobody has taken them over.
   */
  enlist(worker: { host: string; pid: number; queues: string[]; formerly?: string }): Promise<Enlistment>;
  /** Jobs of workers that are gone. */
  lostJobs(): Promise<(Job & { worker: string })[]>;

  saveFlow(flow: { digest: string; name: string; text: string }): Promise<void>;
  loadFlow(digest: string): Promise<{ name: string; text: string } | undefined>;

  /** Calls back after each commit that may concern others: new jobs, or events of a delivery. */
  subscribe(listener: (notice: StoreNotice) => void): () => void;
}

export interface Enlistment {
  worker: string;
  /** Resolves when the session is lost: what this worker runs may be given to another. */
  lost: Promise<void>;
  discharge(): Promise<void>;
}

/** `own`: of a commit through this very store, whose engine knows of it already. */
export type StoreNotice = (
  | { kind: "jobs" }
  | { kind: "delivery"; subject: string; sequence: number }
  | { kind: "resync" }
) & { own?: boolean };
