/**
 * A worker runs invocations. It reserves room for the next step of what it has just committed, takes what
 * else is due, aborts what was abandoned, and hands in results until the database has taken them.
 */
import type { AttemptResult, StepDecision } from "../domain/delivery/decide-step.ts";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { RefusalError } from "../domain/refusal.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { Agent } from "../ports/agent.ts";
import type { Job } from "../ports/engine-store.ts";
import type { Hands } from "./agent-context.ts";
import { runAttempt } from "./run-attempt.ts";

export interface WorkerOptions {
  agents: Map<string, Agent>;
  queues: string[];
  /** Attempts at once of one agent; others are not held up by it. */
  roomFor(agentId: string): number;
  /** Called when an agent that had no room has some again. */
  onRoom(): void;
}

interface Running {
  job: Job;
  abort: AbortController;
}

export class Worker {
  id: string | undefined;
  private readonly hands: () => Hands;
  private readonly options: WorkerOptions;
  private readonly taken = new Map<string, number>();
  /** By delivery, because each commit asks for one delivery's attempts while thousands may run. */
  private readonly running = new Map<string, Set<Running>>();
  private readonly endings = new Set<Promise<void>>();

  constructor(hands: () => Hands, options: WorkerOptions) {
    this.hands = hands;
    this.options = options;
  }

  /** Keeps room for a job that is about to be committed. */
  reserve(job: Job): string | undefined {
    if (this.id === undefined || !this.options.queues.includes(job.queue) || !this.hasRoom(job.agentId))
      return undefined;
    this.take(job.agentId);
    return this.id;
  }

  unreserve(jobs: Job[]): void {
    for (const job of jobs) this.leave(job.agentId);
  }

  runReserved(decision: StepDecision, jobs: Job[]): void {
    for (const job of jobs) this.start(job, decision.record);
  }

  /** Takes due jobs for which there is room. */
  async claim(): Promise<number> {
    const { store, clock } = this.hands();
    if (this.id === undefined) return 0;
    const known = [...this.options.agents.keys()];
    const except = known.filter((agentId) => !this.hasRoom(agentId));
    const limit = Math.max(
      ...known.map((agentId) => this.options.roomFor(agentId) - (this.taken.get(agentId) ?? 0)),
      0,
    );
    if (limit === 0) return 0;
    const now = clock.now().toISOString();
    const jobs = await store.claimJobs({ worker: this.id, queues: this.options.queues, limit, except, now });
    for (const job of jobs) {
      this.take(job.agentId);
      this.start(job, undefined);
    }
    return jobs.length;
  }

  /** Aborts what the delivery does not await any more. */
  heed(record: DeliveryRecord): void {
    for (const { job, abort } of this.running.get(subjectKey(record.subject)) ?? []) {
      if (record.state.invocations[job.invocationId]?.attempt !== job.attempt)
        abort.abort(new Error("abandoned"));
    }
  }

  runs(subject: Subject | string): boolean {
    return this.running.has(typeof subject === "string" ? subject : subjectKey(subject));
  }

  abortAll(reason: string): void {
    for (const attempts of this.running.values())
      for (const { abort } of attempts) abort.abort(new Error(reason));
  }

  async settled(): Promise<void> {
    while (this.endings.size > 0) await Promise.all(this.endings);
  }

  private start(job: Job, record: DeliveryRecord | undefined): void {
    const abort = new AbortController();
    const running = { job, abort };
    const token = `${job.invocationId}.${job.attempt}`;
    const key = subjectKey(job.subject);
    this.running.set(key, (this.running.get(key) ?? new Set()).add(running));
    const ending = this.work(running, record)
      .catch((error) => this.hands().observer.trouble(`attempt ${token} could not be run`, error))
      .finally(() => {
        this.end(running);
        this.leave(job.agentId);
        this.endings.delete(ending);
      });
    this.endings.add(ending);
  }

  private end(running: Running): void {
    const key = subjectKey(running.job.subject);
    const beside = this.running.get(key);
    beside?.delete(running);
    if (beside?.size === 0) this.running.delete(key);
  }

  private async work(running: Running, given: DeliveryRecord | undefined): Promise<void> {
    const { job, abort } = running;
    const hands = this.hands();
    const record = given ?? (await hands.store.load(job.subject));
    const open = record?.state.invocations[job.invocationId];
    if (record === undefined || open === undefined || open.attempt !== job.attempt) return;
    const agent = this.options.agents.get(open.agentId);
    const result = await runAttempt(hands, agent, { record, open, signal: abort.signal });
    // It has ended: its own commit must not abort it.
    this.end(running);
    // A stopping worker's attempt is not a failure of the agent: the job is simply given back.
    if (abort.signal.aborted && String(abort.signal.reason).includes("stopping")) return;
    await this.handIn(job.subject, result);
  }

  /** A result is kept in hand while the database is away. */
  private async handIn(subject: Subject, result: AttemptResult): Promise<void> {
    const { conductor, observer, clock } = this.hands();
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
      try {
        await conductor.submit(subject, { kind: "result", result });
        return;
      } catch (error) {
        if (error instanceof RefusalError || error instanceof TypeError) throw error;
        observer.trouble("the database did not take a result; trying again", error);
        await new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
      }
    }
  }

  private hasRoom(agentId: string): boolean {
    return (this.taken.get(agentId) ?? 0) < this.options.roomFor(agentId);
  }

  private take(agentId: string): void {
    this.taken.set(agentId, (this.taken.get(agentId) ?? 0) + 1);
  }

  private leave(agentId: string): void {
    const was = this.taken.get(agentId) ?? 0;
    this.taken.set(agentId, Math.max(was - 1, 0));
    if (was === this.options.roomFor(agentId)) this.options.onRoom();
  }
}
