/** A store as a process sees it whose database connection fails, and which may be killed at any moment. */
import type { EngineStore } from "../../src/ports/engine-store.ts";

export interface Faults {
  /** 0 to 1. */
  random(): number;
  /** How often a call fails before it reaches the store, and how often its answer is lost; 0 to 1. */
  before: number;
  after: number;
}

export interface FaultyStore extends EngineStore {
  /** From now on nothing that was or will be asked is answered, as if the process were gone. */
  kill(): void;
  setFaults(faults: Faults | undefined): void;
}

export function createFaultyStore(store: EngineStore, given?: Faults): FaultyStore {
  let faults = given;
  let dead = false;
  const gone = new Promise<never>(() => undefined);

  function faulty<Args extends unknown[], Answer>(
    call: (...args: Args) => Promise<Answer>,
  ): (...args: Args) => Promise<Answer> {
    return async (...args) => {
      if (dead) return await gone;
      if (faults !== undefined && faults.random() < faults.before) throw new Error("the connection failed");
      const answer = await call(...args);
      if (dead) return await gone;
      if (faults !== undefined && faults.random() < faults.after) throw new Error("the answer was lost");
      return answer;
    };
  }

  return {
    step: faulty(store.step),
    load: faulty(store.load),
    list: faulty(store.list),
    findByRelease: faulty(store.findByRelease),
    nextTraceNumber: faulty(store.nextTraceNumber),
    events: faulty(store.events),
    artifacts: faulty(store.artifacts),
    artifact: faulty(store.artifact),
    newestArtifacts: faulty(store.newestArtifacts),
    claimJobs: faulty(store.claimJobs),
    heldJobs: faulty(store.heldJobs),
    releaseJobs: faulty(store.releaseJobs),
    dueTimers: faulty(store.dueTimers),
    nextDueAt: faulty(store.nextDueAt),
    lostJobs: faulty(store.lostJobs),
    saveFlow: faulty(store.saveFlow),
    loadFlow: faulty(store.loadFlow),
    async enlist(worker) {
      const enlistment = await store.enlist(worker);
      const lost = enlistment.lost.then(() => (dead ? gone : undefined));
      return { ...enlistment, lost, discharge: faulty(enlistment.discharge) };
    },
    subscribe: (listener) => store.subscribe((notice) => (dead ? undefined : listener(notice))),
    kill() {
      dead = true;
    },
    setFaults(next) {
      faults = next;
    },
  };
}
