/**
 * The conductor takes every input of the engine to the store. Inputs that arrive while a transaction runs
 * share the next one, so a busy engine commits many deliveries at once and an idle one waits for nobody.
 */
import { decideStep } from "../domain/delivery/decide-step.ts";
import type { StepDecision, StepInput } from "../domain/delivery/step.ts";
import { RefusalError } from "../domain/refusal.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  Decide,
  EngineStore,
  Job,
  Reserve,
  Route,
  StepOutcome,
  StepRequest,
} from "../ports/engine-store.ts";
import { type FlowLibrary, UnknownFlow } from "./flow-library.ts";
import { StoreAway } from "./store-away.ts";

export interface Conductor {
  /** Resolves when the step is durable. Rejects with what refused it, or with StoreAway where nobody knows. */
  submit(subject: Subject, input: StepInput, options?: { create?: boolean }): Promise<StepDecision>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Pending {
  request: StepRequest;
  resolve(decision: StepDecision): void;
  reject(error: Error): void;
}

export interface ConductorOptions {
  store: EngineStore;
  flows: FlowLibrary;
  clock: Clock;
  route: Route;
  reserve: Reserve;
  /** Called after the commit of each step, with the jobs that `reserve` kept for this worker. */
  onCommitted(decision: StepDecision, reserved: Job[]): void;
  /** Called when reservations came to nothing; `inDoubt`: the store gave no answer and may have made them all the same. */
  onUnreserved(jobs: Job[], known: { inDoubt: boolean }): void;
  /** Transactions at once; deliveries are spread over them by name. */
  lanes?: number;
  /** Inputs a transaction at most. */
  batch?: number;
}

export function createConductor(options: ConductorOptions): Conductor {
  const lanes = Array.from({ length: options.lanes ?? 2 }, () => new Lane(options));
  return {
    submit(subject, input, { create = false } = {}) {
      return new Promise((resolve, reject) => {
        const lane = lanes[hash(subjectKey(subject)) % lanes.length];
        lane?.add({ request: { subject, input, create }, resolve, reject });
      });
    },
    async settled() {
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
  };
}

class Lane {
  private readonly options: ConductorOptions;
  private queue: Pending[] = [];
  private running: Promise<void> | undefined;

  constructor(options: ConductorOptions) {
    this.options = options;
  }

  add(pending: Pending): void {
    this.queue.push(pending);
    this.running ??= this.run();
  }

  async settled(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, this.options.batch ?? 128);
      this.queue = this.queue.slice(batch.length);
      await this.commit(batch);
    }
    this.running = undefined;
  }

  private async commit(batch: Pending[]): Promise<void> {
    const { store, flows, clock, route, onUnreserved } = this.options;
    const kept: Job[] = [];
    const reserve: Reserve = (job) => {
      const worker = this.options.reserve(job);
      if (worker !== undefined) kept.push(job);
      return worker;
    };
    const now = clock.now().toISOString();
    const decide: Decide = (record, input, known) =>
      decideStep(record, input, { flows: flows.get, now, known });
    const requests = batch.map((pending) => pending.request);
    let outcomes: StepOutcome[];
    try {
      outcomes = await store.step(requests, { now, route, reserve, decide });
    } catch (error) {
      onUnreserved(kept, { inDoubt: true });
      for (const pending of batch) pending.reject(new StoreAway(error));
      return;
    }
    onUnreserved(unused(kept, outcomes), { inDoubt: false });
    await this.answer(batch, outcomes);
  }

  private async answer(batch: Pending[], outcomes: StepOutcome[]): Promise<void> {
    const unknownFlows = new Set<string>();
    const again: Pending[] = [];
    batch.forEach((pending, index) => {
      const outcome = outcomes[index];
      if (outcome?.status === "done") {
        this.options.onCommitted(outcome.decision, outcome.reserved);
        pending.resolve(outcome.decision);
      } else if (outcome?.error instanceof UnknownFlow) {
        unknownFlows.add(outcome.error.digest);
        again.push(pending);
      } else pending.reject(outcome?.error ?? new Error("the store gave no outcome"));
    });
    if (again.length > 0) await this.tryAgain(again, unknownFlows);
  }

  /** A delivery that began with another version of a flow: the version is read once, then its step is taken again. */
  private async tryAgain(pending: Pending[], digests: Set<string>): Promise<void> {
    try {
      for (const digest of digests) await this.options.flows.fetch(digest);
      this.queue.unshift(...pending);
    } catch (error) {
      const failure = error instanceof RefusalError ? error : new StoreAway(error);
      for (const one of pending) one.reject(failure);
    }
  }
}

/** Room that was kept for jobs which no outcome gives us. */
function unused(kept: Job[], outcomes: StepOutcome[]): Job[] {
  const given = outcomes.flatMap((outcome) =>
    outcome.status === "done" ? outcome.reserved.map(tokenOf) : [],
  );
  return kept.filter((job) => {
    const index = given.indexOf(tokenOf(job));
    if (index >= 0) given.splice(index, 1);
    return index < 0;
  });
}

function tokenOf({ invocationId, attempt }: Job): string {
  return `${invocationId}.${attempt}`;
}

/** FNV-1a: spreads names evenly and is the same in every process. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
