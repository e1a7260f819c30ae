/**
 * Deliveries under whatever may happen to them, on the memory store and a virtual clock: the same acts and
 * the same seed give the same run. What people do is repeated under one id until it is answered.
 */
import { createMemoryStore, type MemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import type { EventDraft } from "../../src/domain/event/event.ts";
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { createFaultyStore, type Faults, type FaultyStore } from "../support/faulty-store.ts";
import { problemsOf, tell, zombiesOf } from "../support/invariants.ts";
import { builtIn, createRig, type Rig, subjectOf } from "../support/rig.ts";
import { createVirtualClock, type VirtualClock } from "../support/virtual-clock.ts";
import { type Act, draftOf } from "./acts.ts";
import { createChance, type Moods, moodyScript } from "./moody-script.ts";

export interface SimulationOptions {
  seed: number;
  acts: Act[];
  deliveries: number;
  /** How often the store fails, 0 to 1; absent: never. */
  faultRate?: number;
}

export interface Outcome {
  problems: string[];
  /** Events on all chains. */
  events: number;
}

interface Simulation {
  store: MemoryStore;
  clock: VirtualClock;
  moods: Moods;
  faults: Faults | undefined;
  subjects: Subject[];
  engine: { rig: Rig; store: FaultyStore };
}

const quietMs = 60_000;

export async function simulate({ seed, acts, deliveries, faultRate }: SimulationOptions): Promise<Outcome> {
  const random = createChance(seed);
  const faults =
    faultRate === undefined ? undefined : { random, before: faultRate / 2, after: faultRate / 2 };
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const attemptOf: Moods["attemptOf"] = async (invocation) =>
    (await store.load(invocation))?.state.invocations[invocation.invocationId]?.attempt;
  const moods: Moods = { random, clock, calm: false, running: new Map(), problems: [], attemptOf };
  const simulation: Simulation = {
    store,
    clock,
    moods,
    faults,
    subjects: Array.from({ length: deliveries }, (_, index) => subjectOf(`trace-${index}`)),
    engine: await startEngine({ store, clock, moods, faults }),
  };
  for (const subject of simulation.subjects)
    await persist(simulation, () => simulation.engine.rig.handOver(subject));
  for (const [index, act] of acts.entries()) await perform(simulation, act, index);
  await comeToRest(simulation);
  return await judge(simulation);
}

async function startEngine(from: Pick<Simulation, "store" | "clock" | "moods" | "faults">) {
  const store = createFaultyStore(from.store, from.faults);
  const life = { ended: false };
  const rig = createRig({
    store,
    clock: from.clock,
    script: moodyScript(from.moods, life),
    roomFor: () => 2,
  });
  await rig.engine.start();
  const kill = store.kill;
  store.kill = () => {
    life.ended = true;
    kill();
  };
  return { rig, store };
}

async function perform(simulation: Simulation, act: Act, index: number): Promise<void> {
  const { engine, clock, subjects, store } = simulation;
  if (act.kind === "pass") {
    clock.advance(act.ms);
    await turns(5);
    return;
  }
  if (act.kind === "kill") {
    const worker = engine.rig.engine.workerId();
    engine.store.kill();
    if (worker !== undefined) store.kill(worker);
    simulation.engine = await startEngine(simulation);
    return;
  }
  const subject = subjects[act.delivery % subjects.length];
  if (subject === undefined) return;
  const draft: EventDraft = { ...draftOf(act), id: `act-${act.again ? index - 1 : index}` };
  await persist(simulation, async () => {
    await simulation.engine.rig.engine.append(subject, [draft]);
  });
}

/** As a person would: again until there is an answer. A refusal is one. */
async function persist({ clock }: Simulation, act: () => Promise<void>): Promise<void> {
  for (;;) {
    const ended = await Promise.race([
      act().then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") return false;
          return true;
        },
      ),
      turns(200).then(() => false),
    ]);
    if (ended) return;
    clock.advance(100);
  }
}

/** No more faults and moods: whatever can end, ends. */
async function comeToRest(simulation: Simulation): Promise<void> {
  const { engine, clock, moods, subjects, store } = simulation;
  engine.store.setFaults(undefined);
  moods.calm = true;
  for (let round = 0; round < 500; round += 1) {
    await turns(10);
    clock.advance(1_000);
    const records = await Promise.all(subjects.map((subject) => store.load(subject)));
    const soon = new Date(clock.now().getTime() + quietMs).toISOString();
    if (records.every((record) => record !== undefined && zombiesOf(record, soon).length === 0)) return;
  }
}

async function judge({ store, subjects, clock, moods, engine }: Simulation): Promise<Outcome> {
  const problems = [...moods.problems];
  const flows = new Map(Object.values(builtIn).map((flow) => [flow.digest, flow]));
  let events = 0;
  for (const subject of subjects) {
    const told = await tell(store, subject);
    events += told.events.length;
    const lookup = (digest: string) => flows.get(digest) ?? builtIn.delivery;
    problems.push(...problemsOf(told, lookup), ...zombiesOf(told.record, clock.now().toISOString()));
  }
  await engine.rig.engine.stop();
  return { problems, events };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
