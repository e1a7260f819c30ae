/** Engines on one world, started and stopped for a test. */
import { activeStates } from "../../src/adapters/store/summary.ts";
import type { DeliveryRecord } from "../../src/domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../../src/domain/event/event.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { Subject } from "../../src/domain/scope.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";
import { createFaultyStore, type FaultyStore } from "../support/faulty-store.ts";
import { createRig, type Rig, type RigOptions, subjectOf } from "../support/rig.ts";
import type { World } from "./world.ts";

export interface Player extends Rig {
  store: FaultyStore;
  /** Ends it as kill -9 does: nothing is given back, nobody is told. */
  crash(): Promise<void>;
}

export interface Stage extends World {
  enter(options?: Partial<RigOptions> & { wrap?: (store: EngineStore) => EngineStore }): Promise<Player>;
  leave(player: Player): Promise<void>;
  /** The active states of all flows of a delivery. */
  states(subject: Subject): Promise<string[]>;
  record(subject: Subject): Promise<DeliveryRecord>;
  events(subject: Subject, ...names: EventName[]): Promise<DeliveryEvent[]>;
  /** Resolves when a flow of the delivery has come to a state. */
  reaches(subject: Subject, state: string): Promise<void>;
}

export async function openStage(create: () => Promise<World>): Promise<Stage> {
  const world = await create();
  const auditor = await world.audit();
  const players = new Set<Player>();

  const stage: Stage = {
    ...world,
    async enter({ wrap = (store: EngineStore) => store, ...options } = {}) {
      const store = createFaultyStore(wrap(await world.open()));
      const rig = createRig({ store, clock: world.clock, ...options });
      const player: Player = {
        ...rig,
        store,
        async crash() {
          const worker = rig.engine.workerId();
          store.kill();
          players.delete(player);
          if (worker !== undefined) await world.bury(worker);
        },
      };
      players.add(player);
      await rig.engine.start();
      return player;
    },
    async leave(player) {
      players.delete(player);
      await player.engine.stop();
    },
    async record(subject) {
      const record = await auditor.load(subject);
      if (record === undefined) throw new Error("there is no such delivery");
      return record;
    },
    states: async (subject) => Object.values(activeStates((await stage.record(subject)).state)).flat(),
    events: async (subject, ...names) =>
      (await auditor.events(subject)).filter(
        (event) => names.length === 0 || names.includes(eventName(event)),
      ),
    reaches: (subject, state) => world.until(async () => (await stage.states(subject)).includes(state)),
    async close() {
      for (const player of players) await player.engine.stop();
      await world.close();
    },
  };
  return stage;
}

let count = 0;

export function newSubject(): Subject {
  count += 1;
  return subjectOf(`trace-${count}`);
}

export interface Gate {
  /** Resolves when somebody waits at the gate. */
  entered: Promise<void>;
  /** Waits until it is opened, or until the signal. */
  pass(signal?: AbortSignal): Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  const entered = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    open: () => opened.resolve(),
    async pass(signal) {
      entered.resolve();
      const aborted = Promise.withResolvers<never>();
      signal?.addEventListener("abort", () => aborted.reject(signal.reason));
      if (signal?.aborted) throw signal.reason;
      await Promise.race([opened.promise, aborted.promise]);
    },
  };
}

/** One step of one agent, with quick retries. */
export const oneStep = `flow: one-step
states:
  waiting: { on: { ModuleReady: working } }
  working:
    invoke: { agent: code-committer, skill: CommitModule, retry: { limit: 2, backoff: 40ms } }
    on: { PolicyBlocked: blocked }
    onDone: ended
    onError: stuck
  ended: { on: { StudioCommitRequest: working } }
  stuck: { on: { StudioCommitRequest: working } }
  blocked: { on: { StudioCommitRequest: working } }
`;
