/**
 * The engine's store in memory: the same promises but durability, for tests, properties and simulation.
 * JSON goes in and out as text, so that nothing shared can be changed behind its back.
 */

import { type DeliveryRecord, initialState } from "../../../domain/delivery/delivery-state.ts";
import type { ArtifactVersion } from "../../../domain/delivery/step.ts";
import { type DeliveryEvent, eventName, genesis } from "../../../domain/event/event.ts";
import { refuse } from "../../../domain/refusal.ts";
import { type Subject, subjectKey } from "../../../domain/scope.ts";
import type {
  ArtifactContent,
  EngineStore,
  Job,
  StepOptions,
  StepOutcome,
  StepRequest,
  StoreNotice,
} from "../../../ports/engine-store.ts";
import { jobChanges, never, timerChanges } from "../project-jobs.ts";
import { activeStates } from "../summary.ts";

interface Row {
  record: string;
  events: DeliveryEvent[];
  createdAt: string;
  updatedAt: string;
}

export interface MemoryStore extends EngineStore {
  /** Takes a worker's life, as a crash would: its jobs are lost. */
  kill(worker: string): void;
}

export function createMemoryStore(): MemoryStore {
  const rows = new Map<string, Row>();
  const artifacts: (ArtifactVersion & {
    tenantId: string;
    traceId: string;
    moduleId: string;
    writtenAt: string;
  })[] = [];
  const jobs = new Map<string, Job & { worker: string | undefined }>();
  const timers = new Map<string, { subject: Subject; timer: string; dueAt: string }>();
  const flows = new Map<string, { name: string; text: string }>();
  const numbers = new Map<string, number>();
  const dead = new Set<string>();
  const listeners = new Set<(notice: StoreNotice) => void>();
  let workers = 0;

  function tell(notice: StoreNotice): void {
    for (const listener of listeners) listener(notice);
  }

  function recordOf(subject: Subject): DeliveryRecord | undefined {
    const row = rows.get(subjectKey(subject));
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  function stepOne(request: StepRequest, options: StepOptions): StepOutcome {
    const key = subjectKey(request.subject);
    const fresh = { subject: request.subject, head: genesis, handOver: undefined, state: initialState };
    const before = recordOf(request.subject) ?? (request.create ? fresh : undefined);
    if (before === undefined)
      return { status: "refused", error: refuse("NotFound", `There is no delivery ${key}.`) };
    const row = rows.get(key) ?? { record: "", events: [], createdAt: options.now, updatedAt: options.now };
    try {
      const decision = options.decide(before, request.input, new Set(row.events.map((event) => event.id)));
      if (decision.events.length === 0) return { status: "done", decision, reserved: [] };
      rows.set(key, {
        ...row,
        record: JSON.stringify(decision.record),
        events: [...row.events, ...structuredClone(decision.events)],
        updatedAt: options.now,
      });
      for (const artifact of decision.artifacts)
        artifacts.push({ ...artifact, ...request.subject, writtenAt: options.now });
      const reserved = project(before, decision.record, options);
      tell({ kind: "delivery", subject: key, sequence: decision.record.head.sequence });
      return { status: "done", decision, reserved };
    } catch (error) {
      return { status: "refused", error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  function project(before: DeliveryRecord, after: DeliveryRecord, options: StepOptions): Job[] {
    const changes = jobChanges(before, after, options);
    for (const id of changes.drop) jobs.delete(id);
    for (const job of changes.put) jobs.set(job.invocationId, job);
    const timing = timerChanges(before, after);
    for (const { subject, timer } of timing.drop) timers.delete(`${subject} ${timer}`);
    for (const { subject, timer, dueAt } of timing.put)
      timers.set(`${subject} ${timer}`, { subject: after.subject, timer, dueAt });
    if (changes.put.some((job) => job.worker === undefined)) tell({ kind: "jobs" });
    return changes.put.filter((job) => job.worker !== undefined);
  }

  return {
    async step(requests, options) {
      return requests.map((request) => stepOne(request, options));
    },
    async load(subject) {
      return recordOf(subject);
    },
    async list(query) {
      return [...rows.values()]
        .map((row) => ({ row, record: JSON.parse(row.record) as DeliveryRecord }))
        .filter(
          ({ record: { subject } }) => query.tenantId === undefined || subject.tenantId === query.tenantId,
        )
        .filter(({ record: { subject } }) => query.traceId === undefined || subject.traceId === query.traceId)
        .filter(
          ({ record: { subject } }) => query.moduleId === undefined || subject.moduleId === query.moduleId,
        )
        .filter(({ record: { state } }) => query.phase === undefined || state.phase === query.phase)
        .filter(({ record: { state } }) => hasState(activeStates(state), query.state))
        .filter(({ record }) => query.dependent !== true || isDependent(record))
        .map(({ row, record }) => ({
          subject: record.subject,
          phase: record.state.phase,
          active: activeStates(record.state),
          sequence: record.head.sequence,
          createdAt: row.createdAt,
          updatedAt: row.updatedAt,
        }))
        .sort(
          (a, b) => order(b.createdAt, a.createdAt) || order(subjectKey(a.subject), subjectKey(b.subject)),
        )
        .filter(
          ({ subject }, index, all) =>
            query.newestOfModule !== true ||
            all.findIndex(
              (one) => one.subject.tenantId === subject.tenantId && one.subject.moduleId === subject.moduleId,
            ) === index,
        )
        .slice(0, query.limit ?? 100);
    },
    async findByRelease(tenantId, releaseId) {
      const row = [...rows.values()].find(({ events }) =>
        events.some(
          (event) =>
            event.tenantid === tenantId &&
            eventName(event) === "ReleaseProposed" &&
            event.data.releaseId === releaseId,
        ),
      );
      return row === undefined ? undefined : (JSON.parse(row.record) as DeliveryRecord).subject;
    },
    async nextTraceNumber(tenantId, day) {
      const last = (numbers.get(`${tenantId} ${day}`) ?? 0) + 1;
      numbers.set(`${tenantId} ${day}`, last);
      return last;
    },
    async events(subject, query = {}) {
      const all = rows.get(subjectKey(subject))?.events ?? [];
      return structuredClone(
        all
          .filter((event) => event.sequence > (query.after ?? 0))
          .filter((event) => query.names === undefined || query.names.includes(eventName(event)))
          .slice(0, query.limit),
      );
    },
    async artifacts(query) {
      return artifacts
        .filter((a) => a.tenantId === query.tenantId)
        .filter((a) => query.traceId === undefined || a.traceId === query.traceId)
        .filter((a) => query.moduleId === undefined || a.moduleId === query.moduleId)
        .filter((a) => query.allVersions === true || newest(a.tenantId, a.path)?.version === a.version)
        .map(({ content, tenantId, traceId, moduleId, ...rest }) => ({
          ...rest,
          bytes: Buffer.byteLength(content),
        }))
        .sort((a, b) => order(a.path, b.path) || a.version - b.version);
    },
    async artifact(query) {
      const found = artifacts
        .filter((a) => a.tenantId === query.tenantId && a.path === query.path)
        .filter((a) => query.version === undefined || a.version === query.version)
        .at(-1);
      return found && contentOf(found);
    },
    async newestArtifacts({ tenantId, paths }) {
      const found = paths.flatMap((path) => newest(tenantId, path) ?? []);
      return new Map(found.map((one) => [one.path, contentOf(one)]));
    },
    async claimJobs(request) {
      const free = [...jobs.values()]
        .filter((job) => job.worker === undefined && job.dueAt !== never && job.dueAt <= request.now)
        .filter((job) => request.queues.includes(job.queue) && !request.except.includes(job.agentId))
        .sort((a, b) => order(a.dueAt, b.dueAt))
        .slice(0, request.limit);
      for (const job of free) job.worker = request.worker;
      return free.map(jobOf);
    },
    async heldJobs(worker) {
      return [...jobs.values()].filter((job) => job.worker === worker).map(jobOf);
    },
    async releaseJobs(worker) {
      for (const job of jobs.values()) if (job.worker === worker) job.worker = undefined;
    },
    async dueTimers(request) {
      return [...timers.values()]
        .filter((timer) => timer.dueAt <= request.now)
        .sort((a, b) => order(a.dueAt, b.dueAt))
        .slice(0, request.limit);
    },
    async nextDueAt(queues) {
      const due = [...jobs.values()].filter((job) => job.worker === undefined && queues.includes(job.queue));
      const times = [...due, ...timers.values()].map(({ dueAt }) => dueAt).filter((dueAt) => dueAt !== never);
      return times.sort()[0];
    },
    async enlist({ formerly }) {
      workers += 1;
      const worker = String(workers);
      for (const job of jobs.values())
        if (formerly !== undefined && job.worker === formerly) job.worker = worker;
      return { worker, lost: new Promise(() => undefined), discharge: async () => void dead.add(worker) };
    },
    async lostJobs() {
      return [...jobs.values()].flatMap((job) =>
        job.worker !== undefined && dead.has(job.worker) ? [{ ...jobOf(job), worker: job.worker }] : [],
      );
    },
    async saveFlow({ digest, name, text }) {
      flows.set(digest, { name, text });
    },
    async loadFlow(digest) {
      return flows.get(digest);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    kill(worker) {
      dead.add(worker);
    },
  };

  function newest(tenantId: string, path: string) {
    return artifacts.filter((a) => a.tenantId === tenantId && a.path === path).at(-1);
  }
}

function jobOf({ subject, invocationId, attempt, agentId, queue, dueAt }: Job): Job {
  return { subject, invocationId, attempt, agentId, queue, dueAt };
}

function contentOf({ content, version, sha256 }: ArtifactVersion): ArtifactContent {
  return { content, version, sha256 };
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isDependent({ handOver, state }: DeliveryRecord): boolean {
  return state.phase === "open" && (handOver?.module.dependsOn ?? []).length > 0;
}

function hasState(active: Record<string, string[]>, state: string | undefined): boolean {
  return state === undefined || Object.values(active).some((states) => states.includes(state));
}
