/**
 * Keeps time for an engine: fires due timers, lets the worker claim due jobs, returns the jobs of lost
 * workers, and sleeps until the next of these or until the store gives notice.
 */
import type { StepInput } from "../domain/delivery/step.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { StoreNotice } from "../ports/engine-store.ts";
import type { Hands } from "./agent-context.ts";
import { StoreAway } from "./store-away.ts";
import type { Worker } from "./worker.ts";

/** The longest sleep: bounds how late a lost worker or a missed notice is seen. */
const lookEveryMs = 1_000;
const timersAtOnce = 200;
const shelvedForMs = 60_000;

export class Timekeeper {
  private readonly options: Hands & { worker: Worker; queues: string[] };
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private cancelSleep: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;
  private running = false;
  /** Steps that were refused, and until when they are left alone, in milliseconds. */
  private readonly shelved = new Map<string, number>();

  constructor(options: Hands & { worker: Worker; queues: string[] }) {
    this.options = options;
  }

  start(): void {
    this.running = true;
    this.unsubscribe = this.options.store.subscribe((notice) => this.onNotice(notice));
    void this.look();
  }

  /** Resolves when it looks no more. */
  async stop(): Promise<void> {
    this.running = false;
    this.unsubscribe?.();
    this.cancelSleep?.();
    await this.looking;
  }

  isLooking(): boolean {
    return this.looking !== undefined;
  }

  /** Looks now; a call while it looks makes it look once more. */
  look(): Promise<void> {
    this.lookAgain = true;
    this.looking ??= this.run();
    return this.looking;
  }

  private async run(): Promise<void> {
    this.cancelSleep?.();
    let sleepMs = lookEveryMs;
    while (this.lookAgain && this.running) {
      this.lookAgain = false;
      try {
        sleepMs = await this.lookOnce();
      } catch (error) {
        this.options.observer.trouble("the database is away; looking again soon", error);
        sleepMs = 500;
      }
    }
    this.looking = undefined;
    if (this.running) this.cancelSleep = this.options.clock.schedule(sleepMs, () => void this.look());
  }

  private async lookOnce(): Promise<number> {
    const { store, clock, worker, queues } = this.options;
    await worker.adopt();
    const moreTimers = await this.fireTimers();
    await this.returnLost();
    const claimed = await worker.claim();
    if (moreTimers || claimed > 0) this.lookAgain = true;
    const next = await store.nextDueAt(queues);
    if (next === undefined) return lookEveryMs;
    // What is overdue and was not taken waits for room, which the worker will tell of.
    const inMs = Date.parse(next) - clock.now().getTime();
    return inMs <= 0 ? lookEveryMs / 4 : Math.min(inMs, lookEveryMs);
  }

  /** Whether there may be more of them. */
  private async fireTimers(): Promise<boolean> {
    const { store, clock } = this.options;
    const now = clock.now().toISOString();
    const limit = timersAtOnce + this.shelved.size;
    const due = await store.dueTimers({ now, limit });
    const fired = await this.submitAll(
      due.map(({ subject, timer }) => ({ subject, input: { kind: "timer", timer } })),
    );
    return due.length === limit && fired > 0;
  }

  private async returnLost(): Promise<void> {
    const { store, worker } = this.options;
    const lost = await store.lostJobs();
    await this.submitAll(
      lost
        // Its own, while it enlists anew: it will keep them.
        .filter((job) => job.worker !== worker.formerly)
        .map(({ subject, invocationId, attempt, worker: name }) => ({
          subject,
          input: { kind: "lost", invocationId, attempt, worker: name },
        })),
    );
  }

  /** A delivery that refuses its step is left alone for a while: it must not keep others from theirs. */
  private async submitAll(steps: { subject: Subject; input: StepInput }[]): Promise<number> {
    const { conductor, clock, observer } = this.options;
    const now = clock.now().getTime();
    for (const [key, until] of this.shelved) if (until <= now) this.shelved.delete(key);
    const open = steps.filter((step) => !this.shelved.has(keyOf(step)));
    const ends = await Promise.allSettled(open.map(({ subject, input }) => conductor.submit(subject, input)));
    ends.forEach((end, index) => {
      const step = open[index];
      if (end.status === "fulfilled" || step === undefined) return;
      if (end.reason instanceof StoreAway) throw end.reason;
      this.shelved.set(keyOf(step), now + shelvedForMs);
      observer.trouble(`${subjectKey(step.subject)} refuses a step; it is tried again later`, end.reason);
    });
    return open.length;
  }

  private onNotice(notice: StoreNotice): void {
    if (notice.own === true && notice.kind !== "jobs") return;
    const { store, worker, observer } = this.options;
    // Some deliveries have changed and it does not say which.
    if (notice.kind === "resync") worker.doubt();
    if (notice.kind !== "delivery") {
      void this.look();
      return;
    }
    if (!worker.runs(notice.subject)) return;
    const [tenantId = "", traceId = "", moduleId = ""] = notice.subject.split("/");
    const subject = { tenantId, traceId, moduleId };
    store.load(subject).then(
      (record) =>
        record !== undefined && subjectKey(record.subject) === notice.subject && worker.heed(record),
      (error) => observer.trouble("a delivery could not be read", error),
    );
  }
}

function keyOf({ subject, input }: { subject: Subject; input: StepInput }): string {
  return `${subjectKey(subject)} ${JSON.stringify(input)}`;
}
