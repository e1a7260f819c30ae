/**
 * Keeps time for an engine: fires due timers, lets the worker claim due jobs, returns the jobs of lost
 * workers, and sleeps until the next of these or until the store gives notice.
 */
import { subjectKey } from "../domain/scope.ts";
import type { StoreNotice } from "../ports/engine-store.ts";
import type { Hands } from "./agent-context.ts";
import type { Worker } from "./worker.ts";

/** The longest sleep: bounds how late a lost worker or a missed notice is seen. */
const lookEveryMs = 1_000;
const timersAtOnce = 200;

export class Timekeeper {
  private readonly options: Hands & { worker: Worker; queues: string[] };
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private cancelSleep: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;
  private running = false;

  constructor(options: Hands & { worker: Worker; queues: string[] }) {
    this.options = options;
  }

  start(): void {
    this.running = true;
    this.unsubscribe = this.options.store.subscribe((notice) => this.onNotice(notice));
    void this.look();
  }

  stop(): void {
    this.running = false;
    this.unsubscribe?.();
    this.cancelSleep?.();
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
    const { store, conductor, clock, worker, queues } = this.options;
    const now = clock.now();
    const due = await store.dueTimers({ now: now.toISOString(), limit: timersAtOnce });
    await Promise.all(due.map(({ subject, timer }) => conductor.submit(subject, { kind: "timer", timer })));
    const lost = await store.lostJobs();
    await Promise.all(
      lost.map(({ subject, invocationId, attempt, worker: name }) =>
        conductor.submit(subject, { kind: "lost", invocationId, attempt, worker: name }),
      ),
    );
    const claimed = await worker.claim();
    if (due.length === timersAtOnce || claimed > 0) this.lookAgain = true;
    const next = await store.nextDueAt(queues);
    if (next === undefined) return lookEveryMs;
    // What is overdue and was not taken waits for room, which the worker will tell of.
    const inMs = Date.parse(next) - clock.now().getTime();
    return inMs <= 0 ? lookEveryMs / 4 : Math.min(inMs, lookEveryMs);
  }

  private onNotice(notice: StoreNotice): void {
    if (notice.own === true && notice.kind !== "jobs") return;
    if (notice.kind !== "delivery") {
      void this.look();
      return;
    }
    const { store, worker, observer } = this.options;
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
