/** Jobs, timers and workers of an engine store: who may run what, and when. */
import { describe, expect, test } from "vitest";
import { append, dayOne, fact, newDelivery, take } from "../../test/support/store-steps.ts";
import type { OpenInvocation } from "../domain/delivery/delivery-state.ts";
import type { Subject } from "../domain/scope.ts";
import type { EngineStore, Job, StepOptions } from "./engine-store.ts";

export interface StoreUnderTest {
  store: EngineStore;
  /** Ends a worker's life as a crash does. */
  die(worker: string): Promise<void>;
  stop(): Promise<void>;
}

const later = "2025-05-23T11:00:00.000Z";

export function jobsConformance(underTest: () => StoreUnderTest): void {
  const enlist = (queues: string[] = []) =>
    underTest().store.enlist({ host: "host-1", pid: process.pid, queues });

  describe("jobs", () => {
    test("a due job goes to one of many claimers", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const { open } = await opened(20, { queue });
      const workers = await Promise.all(Array.from({ length: 5 }, () => enlist()));
      const claims = await Promise.all(workers.map(({ worker }) => claim(store, worker, { queue })));
      const claimed = claims.flat().map(({ invocationId }) => invocationId);
      expect(claimed.sort()).toEqual(open.map(({ invocationId }) => invocationId).sort());
      expect(await claim(store, workers[0]?.worker ?? "", { queue })).toEqual([]);
      for (const worker of workers) {
        await store.releaseJobs(worker.worker);
        await worker.discharge();
      }
    });

    test("a claim takes what is due, from its queues, oldest first, and leaves out agents without room", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const one = await opened(1, { queue, dueAt: "2025-05-23T09:00:02.000Z" });
      const two = await opened(1, { queue, dueAt: "2025-05-23T09:00:01.000Z", agentId: "release-manager" });
      await opened(1, { queue, dueAt: later });
      await opened(1, { queue, dueAt: null });
      const { worker, discharge } = await enlist();
      expect(await claim(store, worker, { queue: newQueue() })).toEqual([]);
      expect(await claim(store, worker, { queue, except: ["release-manager", "code-committer"] })).toEqual(
        [],
      );
      expect(await claim(store, worker, { queue, limit: 1 })).toEqual([
        {
          subject: two.delivery,
          invocationId: two.open[0]?.invocationId,
          attempt: 1,
          agentId: "release-manager",
          queue,
          dueAt: "2025-05-23T09:00:01.000Z",
        },
      ]);
      expect(ids(await claim(store, worker, { queue }))).toEqual(ids(one.open));
      expect(await claim(store, worker, { queue })).toEqual([]);
      expect(await claim(store, worker, { queue, now: later })).toHaveLength(1);
      expect(await claim(store, worker, { queue, now: "2999-01-01T00:00:00.000Z" })).toEqual([]);
      await discharge();
    });

    test("a job changes with its invocation: a new attempt is free, an ended one is gone", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const { delivery, open } = await opened(2, { queue });
      const { worker, discharge } = await enlist();
      expect(await claim(store, worker, { queue })).toHaveLength(2);
      const [first] = open;
      if (first === undefined) throw new Error("no invocation");
      await set(delivery, { open: [{ ...first, attempt: 2 }], queue });
      expect(await claim(store, worker, { queue })).toMatchObject([
        { invocationId: first.invocationId, attempt: 2 },
      ]);
      expect(ids(await store.heldJobs(worker))).toEqual([first.invocationId]);
      await discharge();
    });

    test("a job that is due at once goes to who reserves it, within the step", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const { worker, discharge } = await enlist();
      const reserve = (job: Job) => (job.agentId === "code-committer" ? worker : undefined);
      const { outcomes, open } = await opened(1, { queue, reserve });
      expect(outcomes[0]).toMatchObject({
        reserved: [{ invocationId: open[0]?.invocationId, attempt: 1, queue }],
      });
      const other = await opened(1, { queue, reserve, agentId: "release-manager" });
      expect(other.outcomes[0]).toMatchObject({ reserved: [] });
      const waiting = await opened(1, { queue, reserve, dueAt: later });
      expect(waiting.outcomes[0]).toMatchObject({ reserved: [] });
      expect(ids(await store.heldJobs(worker))).toEqual(ids(open));
      expect(ids(await claim(store, worker, { queue }))).toEqual(ids(other.open));
      await discharge();
    });

    test("a job that a batch opens and ends is reserved by nobody who would run it", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const { worker, discharge } = await enlist();
      const delivery = newDelivery();
      const open = invocations(1, {});
      const outcomes = await take(
        store,
        [
          append(delivery, [fact("a", { patch: { invocations: byId(open) } })], { create: true }),
          append(delivery, [fact("b", { patch: { invocations: {} } })]),
        ],
        { route: () => queue, reserve: () => worker },
      );
      expect(outcomes.at(-1)).toMatchObject({ status: "done", reserved: [] });
      expect(await store.heldJobs(worker)).toEqual([]);
      await discharge();
    });

    test("released jobs are free again", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const { open } = await opened(2, { queue });
      const [one, other] = await Promise.all([enlist(), enlist()]);
      await claim(store, one.worker, { queue });
      await store.releaseJobs(other.worker);
      expect(await claim(store, other.worker, { queue })).toEqual([]);
      await store.releaseJobs(one.worker);
      expect(ids(await claim(store, other.worker, { queue })).sort()).toEqual(ids(open).sort());
      await Promise.all([one.discharge(), other.discharge()]);
    });
  });

  describe("workers", () => {
    test("the jobs of a living worker are its own", async () => {
      const { store } = underTest();
      const queue = newQueue();
      await opened(1, { queue });
      const { worker, discharge } = await enlist();
      await claim(store, worker, { queue });
      expect((await store.lostJobs()).filter((job) => job.worker === worker)).toEqual([]);
      await discharge();
    });

    test("the jobs of one that died are lost, until a step gives them away", async () => {
      const { store, die } = underTest();
      const queue = newQueue();
      const { delivery, open } = await opened(1, { queue });
      const { worker } = await enlist();
      await claim(store, worker, { queue });
      await die(worker);
      const lost = async () => (await store.lostJobs()).filter((job) => job.worker === worker);
      await expect
        .poll(lost)
        .toMatchObject([{ subject: delivery, invocationId: open[0]?.invocationId, attempt: 1 }]);
      await set(delivery, { open: open.map((one) => ({ ...one, attempt: 2 })), queue });
      expect(await lost()).toEqual([]);
    });

    test("the jobs of one that was discharged while it held some are lost too", async () => {
      const { store } = underTest();
      const queue = newQueue();
      await opened(1, { queue });
      const { worker, discharge } = await enlist();
      await claim(store, worker, { queue });
      await discharge();
      await expect
        .poll(async () => (await store.lostJobs()).filter((job) => job.worker === worker))
        .toHaveLength(1);
    });

    test("one that enlists anew keeps the jobs that it held under its former name", async () => {
      const { store, die } = underTest();
      const queue = newQueue();
      const { open } = await opened(1, { queue });
      const former = await enlist();
      await claim(store, former.worker, { queue });
      await die(former.worker);
      const anew = await store.enlist({
        host: "host-1",
        pid: process.pid,
        queues: [queue],
        formerly: former.worker,
      });
      expect(ids(await store.heldJobs(anew.worker))).toEqual(ids(open));
      expect((await store.lostJobs()).filter((job) => job.worker === former.worker)).toEqual([]);
      await anew.discharge();
    });
  });

  describe("timers", () => {
    test("a timer is due from its time on, until it is moved or stopped", async () => {
      const { store } = underTest();
      const { delivery } = await opened(0, {
        timers: { "delivery/a": { dueAt: dayOne }, "staging/b": { dueAt: later } },
      });
      expect(await timersOf(store, delivery)).toEqual(["delivery/a"]);
      expect(await timersOf(store, delivery, later)).toEqual(["delivery/a", "staging/b"]);
      await set(delivery, { timers: { "delivery/a": { dueAt: "2025-05-24T10:00:00.000Z" } } });
      expect(await timersOf(store, delivery, later)).toEqual([]);
      await set(delivery, {});
      expect(await timersOf(store, delivery, "2999-01-01T00:00:00.000Z")).toEqual([]);
    });

    test("the oldest are told first, and as many as asked for", async () => {
      const { store } = underTest();
      const timers = Object.fromEntries(
        [3, 1, 2].map((year) => [`delivery/${year}`, { dueAt: `190${year}-01-01T00:00:00.000Z` }]),
      );
      const { delivery } = await opened(0, { timers });
      const due = await store.dueTimers({ now: dayOne, limit: 2 });
      expect(due.map(({ timer }) => timer)).toEqual(["delivery/1", "delivery/2"]);
      await set(delivery, {});
    });

    test("the next time is that of the earliest timer or free job, and none of a job that waits for an event", async () => {
      const { store } = underTest();
      const queue = newQueue();
      const jobs = await opened(1, { queue, dueAt: "1905-01-01T00:00:00.000Z" });
      expect(await store.nextDueAt([queue])).toBe("1905-01-01T00:00:00.000Z");
      expect(await store.nextDueAt([newQueue()])).not.toBe("1905-01-01T00:00:00.000Z");
      const timer = await opened(0, { timers: { "delivery/a": { dueAt: "1904-01-01T00:00:00.000Z" } } });
      expect(await store.nextDueAt([newQueue()])).toBe("1904-01-01T00:00:00.000Z");
      await set(timer.delivery, {});
      const { worker, discharge } = await enlist();
      await claim(store, worker, { queue });
      expect(await store.nextDueAt([queue])).not.toBe("1905-01-01T00:00:00.000Z");
      await set(jobs.delivery, {});
      await opened(1, { queue, dueAt: null });
      expect(await store.nextDueAt([queue])).not.toBe("infinity");
      await discharge();
    });
  });

  interface Opening {
    queue?: string;
    dueAt?: string | null;
    agentId?: string;
    timers?: Record<string, { dueAt: string }>;
    reserve?: StepOptions["reserve"];
  }

  async function opened(many: number, { queue = "none", timers = {}, reserve, ...rest }: Opening) {
    const { store } = underTest();
    const delivery = newDelivery();
    const open = invocations(many, rest);
    const patch = { phase: "open" as const, invocations: byId(open), timers };
    const outcomes = await take(store, [append(delivery, [fact("opened", { patch })], { create: true })], {
      route: () => queue,
      ...(reserve !== undefined && { reserve }),
    });
    return { delivery, open, outcomes };
  }

  async function set(
    delivery: Subject,
    state: { open?: OpenInvocation[]; timers?: Record<string, { dueAt: string }>; queue?: string },
  ): Promise<void> {
    const patch = { invocations: byId(state.open ?? []), timers: state.timers ?? {} };
    serial += 1;
    await take(underTest().store, [append(delivery, [fact(`set-${serial}`, { patch })])], {
      route: () => state.queue ?? "none",
    });
  }
}

let serial = 0;

function newQueue(): string {
  serial += 1;
  return `queue-${serial}`;
}

function invocations(many: number, over: { dueAt?: string | null; agentId?: string }): OpenInvocation[] {
  return Array.from({ length: many }, () => {
    serial += 1;
    return {
      invocationId: `inv-${serial}`,
      instance: "delivery",
      key: "working",
      agentId: over.agentId ?? "code-committer",
      skillId: "CommitModule",
      fsmState: "working",
      step: 1,
      attempt: 1,
      retries: 0,
      retry: { limit: 0, backoffMs: 0 },
      invokedAt: dayOne,
      dueAt: over.dueAt === undefined ? dayOne : over.dueAt,
      wakeOn: [],
      heard: [],
    };
  });
}

function byId(open: OpenInvocation[]): Record<string, OpenInvocation> {
  return Object.fromEntries(open.map((one) => [one.invocationId, one]));
}

function ids(jobs: { invocationId: string }[]): string[] {
  return jobs.map(({ invocationId }) => invocationId);
}

function claim(
  store: EngineStore,
  worker: string,
  {
    queue,
    limit = 100,
    except = [],
    now = dayOne,
  }: { queue: string; limit?: number; except?: string[]; now?: string },
): Promise<Job[]> {
  return store.claimJobs({ worker, queues: [queue], limit, except, now });
}

async function timersOf(store: EngineStore, delivery: Subject, now = dayOne): Promise<string[]> {
  const due = await store.dueTimers({ now, limit: 1_000 });
  return due
    .filter(({ subject }) => subject.traceId === delivery.traceId)
    .map(({ timer }) => timer)
    .sort();
}
