/**
 * The engine: event in, transition, effects. Any number of engines may run on one store; each takes what
 * its worker has room for, and what a lost one held comes back within seconds.
 */

import type { OutsideFile, StepDecision } from "../domain/delivery/step.ts";
import type { EventDraft } from "../domain/event/event.ts";
import type { CompiledFlow } from "../domain/flow/compiled-flow.ts";
import type { Subject } from "../domain/scope.ts";
import type { Agent } from "../ports/agent.ts";
import type { AuthoriseAgent } from "../ports/authorise-agent.ts";
import type { Clock } from "../ports/clock.ts";
import { type EngineObserver, silentObserver } from "../ports/engine-observer.ts";
import type { EngineStore, Enlistment, Route } from "../ports/engine-store.ts";
import { type Conductor, createConductor } from "./conductor.ts";
import { createFlowLibrary, type FlowLibrary } from "./flow-library.ts";
import { guardObserver } from "./guard-observer.ts";
import { Timekeeper } from "./timekeeper.ts";
import { Worker } from "./worker.ts";

export interface EngineOptions {
  store: EngineStore;
  clock: Clock;
  agents: Agent[];
  compileFlow(text: string, name: string): CompiledFlow;
  /** Name of this host: work that is bound to it comes here. */
  host: string;
  authorise?: AuthoriseAgent;
  observer?: EngineObserver;
  /** False: the engine appends events but runs no agents and no timers (an API process). */
  works?: boolean;
  roomFor?(agentId: string): number;
  lanes?: number;
  batch?: number;
}

export interface Engine {
  readonly store: EngineStore;
  readonly flows: FlowLibrary;
  /** Appends facts to a delivery in one durable step. `create` lets the first fact make it; `files` come with it. */
  append(
    subject: Subject,
    drafts: EventDraft[],
    options?: { create?: boolean; files?: OutsideFile[] },
  ): Promise<StepDecision>;
  start(): Promise<void>;
  /** Ends after what is being committed; attempts under way are aborted and given back. */
  stop(): Promise<void>;
  /** Resolves when this engine has nothing under way (parked deliveries do not count). */
  settled(): Promise<void>;
  /** The worker's name on the store while it is enlisted. */
  workerId(): string | undefined;
}

/** The queue that any host serves, and the one that only a host's own workers do. */
export const commonQueue = "any";
export const hostQueue = (host: string): string => `host:${host}`;

export function createEngine(options: EngineOptions): Engine {
  const { store, clock, host } = options;
  const observer = guardObserver(options.observer ?? silentObserver);
  const agents = new Map<string, Agent>(options.agents.map((agent) => [agent.manifest.agentId, agent]));
  const flows = createFlowLibrary(store, options.compileFlow);
  const queues = [commonQueue, hostQueue(host)];
  const route: Route = (record, agentId) =>
    agents.get(agentId)?.manifest.hostBound === false
      ? commonQueue
      : hostQueue(record.handOver?.host ?? host);
  const worker = new Worker(() => hands, {
    agents,
    queues,
    roomFor: options.roomFor ?? (() => 32),
    onRoom: () => void timekeeper.look(),
  });
  const conductor: Conductor = createConductor({
    store,
    flows,
    clock,
    route,
    reserve: (job) => worker.reserve(job),
    onCommitted(decision, jobs) {
      observer.stepTaken(decision);
      worker.heed(decision.record);
      worker.runReserved(decision, jobs);
    },
    onUnreserved(jobs, { inDoubt }) {
      worker.unreserve(jobs);
      if (inDoubt) worker.doubt();
    },
    ...(options.lanes !== undefined && { lanes: options.lanes }),
    ...(options.batch !== undefined && { batch: options.batch }),
  });
  const { authorise } = options;
  const hands = { store, conductor, clock, observer, authorise };
  const timekeeper = new Timekeeper({ ...hands, worker, queues });
  let enlistment: Enlistment | undefined;
  let stopped = true;

  async function enlist(): Promise<void> {
    const { formerly } = worker;
    const joined = await store.enlist({
      host,
      pid: process.pid,
      queues,
      ...(formerly !== undefined && { formerly }),
    });
    if (stopped) {
      await joined.discharge();
      return;
    }
    enlistment = joined;
    worker.id = joined.worker;
    worker.formerly = undefined;
    joined.lost.then(() => onLost(joined));
  }

  /**
   * Without its session others may take over what runs here. It comes back under a new name, keeps what
   * nobody has taken meanwhile and aborts the rest; what runs goes on, because the database is often back at once.
   */
  function onLost(lost: Enlistment): void {
    if (stopped || enlistment !== lost) return;
    observer.trouble("the worker's database session was lost; joining again");
    worker.formerly ??= worker.id;
    worker.id = undefined;
    const rejoin = (): void => {
      if (stopped) return;
      enlist().then(
        () => {
          worker.doubt();
          void timekeeper.look();
        },
        () => clock.schedule(500, rejoin),
      );
    };
    rejoin();
  }

  return {
    store,
    flows,
    append: (subject, drafts, { create = false, files } = {}) =>
      conductor.submit(
        subject,
        { kind: "append", drafts, ...(files !== undefined && { files }) },
        { create },
      ),
    async start() {
      stopped = false;
      if (options.works === false) return;
      worker.open();
      await enlist();
      timekeeper.start();
    },
    async stop() {
      stopped = true;
      worker.close();
      await timekeeper.stop();
      await worker.settled();
      await conductor.settled();
      const id = worker.id ?? worker.formerly;
      worker.id = undefined;
      worker.formerly = undefined;
      if (id !== undefined) await store.releaseJobs(id).catch(() => undefined);
      await enlistment?.discharge();
    },
    async settled() {
      do {
        await timekeeper.look();
        await worker.settled();
        await conductor.settled();
      } while (!worker.isIdle() || timekeeper.isLooking());
    },
    workerId: () => worker.id,
  };
}
