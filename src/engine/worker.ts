/**
 * A worker runs invocations. It reserves room for the next step of what it has just committed, takes what
 * else is due, aborts what was abandoned, and hands in results until the database has taken them.
 */

import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { StepDecision } from "../domain/delivery/step.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { Agent } from "../ports/agent.ts";
import type { Job } from "../ports/engine-store.ts";
import type { Hands } from "./agent-context.ts";
import { handIn } from "./hand-in.ts";
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
  /** Sequence of the record that it began from; undefined until that has been read. */
  since: number | undefined;
  /** The newest sequence at which it was asked, before `since` was known, whether it is still awaited. */
  asked: number;
}

export class Worker {
  id: string | undefined;
  /** Its name before its session was lost, while it enlists anew. */
  formerly: string | undefined;
  private readonly hands: () => Hands;
  private readonly options: WorkerOptions;
  private readonly taken = new Map<string, number>();
  /** By delivery, because each commit asks for one delivery's attempts while thousands may run. */
  private readonly running = new Map<string, Set<Running>>();
  /** `<invocationId>.<attempt>` from its start until its result is handed in. */
  private readonly inHand = new Set<string>();
  private readonly endings = new Set<Promise<void>>();
  /** Set where an answer of the store was lost: it may have given us jobs that we do not know of. */
  private doubtful = false;
  private closing = false;

  constructor(hands: () => Hands, options: WorkerOptions) {
    this.hands = hands;
    this.options = options;
  }

  open(): void {
    this.closing = false;
  }

  /** Aborts what runs and takes nothing more; what has not ended is for the caller to give back. */
  close(): void {
    this.closing = true;
    for (const attempts of this.running.values())
      for (const { abort } of attempts) abort.abort(new Error("the worker is stopping"));
  }

  /** Keeps room for a job that is about to be committed. */
  reserve(job: Job): string | undefined {
    const { queues } = this.options;
    if (this.id === undefined || this.closing || !queues.includes(job.queue) || this.room(job.agentId) <= 0)
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

  /** Has it look, when there is an answer again, for jobs that it was given without knowing. */
  doubt(): void {
    this.doubtful = true;
  }

  /** Takes due jobs for which there is room: never more of one agent than it has room for. */
  async claim(): Promise<number> {
    const { store, clock } = this.hands();
    const { agents, queues } = this.options;
    for (let claimed = 0; ; ) {
      const rooms = [...agents.keys()].map((agentId) => ({ agentId, room: this.room(agentId) }));
      const limit = Math.min(...rooms.filter(({ room }) => room > 0).map(({ room }) => room));
      if (this.id === undefined || this.closing || limit === Number.POSITIVE_INFINITY) return claimed;
      const except = rooms.filter(({ room }) => room <= 0).map(({ agentId }) => agentId);
      const now = clock.now().toISOString();
      const jobs = await store
        .claimJobs({ worker: this.id, queues, limit, except, now })
        .catch((error) => this.failInDoubt(error));
      for (const job of jobs) {
        this.take(job.agentId);
        this.start(job, undefined);
      }
      claimed += jobs.length;
      if (jobs.length < limit) return claimed;
    }
  }

  /** Starts what it holds and does not run, and aborts what it runs and nobody awaits. */
  async adopt(): Promise<void> {
    if (!this.doubtful || this.closing || this.id === undefined) return;
    this.doubtful = false;
    const held = await this.hands()
      .store.heldJobs(this.id)
      .catch((error) => this.failInDoubt(error));
    for (const job of held) {
      this.take(job.agentId);
      this.start(job, undefined);
    }
    await this.heedAll();
  }

  /** Looks at every delivery of which something runs here. */
  async heedAll(): Promise<void> {
    const { store } = this.hands();
    const subjects = [...this.running.values()].flatMap(([first]) => first?.job.subject ?? []);
    for (const subject of subjects) {
      const record = await store.load(subject).catch((error) => this.failInDoubt(error));
      if (record !== undefined) this.heed(record);
    }
  }

  /** Aborts what the delivery does not await any more. A record that is older than an attempt says nothing about it. */
  heed(record: DeliveryRecord): void {
    const { sequence } = record.head;
    for (const running of this.running.get(subjectKey(record.subject)) ?? []) {
      const { job, abort, since } = running;
      if (record.state.invocations[job.invocationId]?.attempt === job.attempt) continue;
      if (since === undefined) running.asked = Math.max(running.asked, sequence);
      else if (sequence > since) abort.abort(new Error("abandoned"));
    }
  }

  runs(subject: Subject | string): boolean {
    return this.running.has(typeof subject === "string" ? subject : subjectKey(subject));
  }

  isIdle(): boolean {
    return this.endings.size === 0;
  }

  async settled(): Promise<void> {
    while (this.endings.size > 0) await Promise.all(this.endings);
  }

  /** Its room has been taken; it is given back at the end, or at once where the attempt runs already. */
  private start(job: Job, record: DeliveryRecord | undefined): void {
    const token = `${job.invocationId}.${job.attempt}`;
    if (this.closing || this.inHand.has(token)) {
      this.leave(job.agentId);
      return;
    }
    this.inHand.add(token);
    const running = { job, abort: new AbortController(), since: record?.head.sequence, asked: 0 };
    const key = subjectKey(job.subject);
    this.running.set(key, (this.running.get(key) ?? new Set()).add(running));
    const ending = this.work(running, record)
      .catch((error) => this.hands().observer.trouble(`attempt ${token} could not be run`, error))
      .finally(() => {
        this.end(running);
        this.inHand.delete(token);
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
    const record = given ?? (await this.read(running));
    const open = record?.state.invocations[job.invocationId];
    if (record === undefined || open === undefined || open.attempt !== job.attempt) return;
    const agent = this.options.agents.get(open.agentId);
    const result = await runAttempt(hands, agent, { record, open, signal: abort.signal });
    // It has ended: its own commit must not abort it.
    this.end(running);
    // A stopping worker's attempt is not a failure of the agent: the job is simply given back.
    if (this.closing && result.end.status !== "Success") return;
    await handIn(hands, job.subject, { result, givesUp: () => this.closing });
  }

  /** The record as it is now, or later: also after whatever was heeded while it was being read. */
  private async read(running: Running): Promise<DeliveryRecord | undefined> {
    const { store } = this.hands();
    for (;;) {
      // Where this fails the job stays ours, and is found again by what we hold.
      const record = await store.load(running.job.subject).catch((error) => this.failInDoubt(error));
      if (record !== undefined && record.head.sequence < running.asked) continue;
      running.since = record?.head.sequence;
      return record;
    }
  }

  private failInDoubt(error: unknown): never {
    this.doubt();
    throw error;
  }

  private room(agentId: string): number {
    return this.options.roomFor(agentId) - (this.taken.get(agentId) ?? 0);
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
