/** The engine's store on PostgreSQL. */
import type { Pool } from "pg";
import type { EngineStore } from "../../../ports/engine-store.ts";
import { fillCards } from "./fill-cards.ts";
import { claimJobs, dueTimers, heldJobs, nextDueAt, releaseJobs } from "./jobs.ts";
import { createNewestArtifacts } from "./newest-artifacts.ts";
import { NoticeBoard } from "./notices.ts";
import { artifact, artifacts, createLoad, events, findByRelease, list, nextTraceNumber } from "./queries.ts";
import { RecordCache } from "./record-cache.ts";
import { takeSteps } from "./step.ts";
import { enlist, lostJobs } from "./workers.ts";

export interface PostgresStore extends EngineStore {
  /** Closes the listening connection; the pool stays the caller's. */
  close(): Promise<void>;
}

export async function openPostgresStore(database: { pool: Pool; url: string }): Promise<PostgresStore> {
  const { pool, url } = database;
  const board = new NoticeBoard(url);
  await board.open();
  await fillCards(pool);
  const steps = { pool, from: board.name, cache: new RecordCache() };
  return {
    step: (requests, options) => takeSteps(steps, requests, options),
    load: createLoad(pool),
    list: (query) => list(pool, query),
    findByRelease: (tenantId, releaseId) => findByRelease(pool, tenantId, releaseId),
    nextTraceNumber: (tenantId, day) => nextTraceNumber(pool, tenantId, day),
    events: (subject, query) => events(pool, subject, query),
    artifacts: (query) => artifacts(pool, query),
    artifact: (query) => artifact(pool, query),
    newestArtifacts: createNewestArtifacts(pool),
    claimJobs: (request) => claimJobs(pool, request),
    heldJobs: (worker) => heldJobs(pool, worker),
    releaseJobs: (worker) => releaseJobs(pool, worker),
    dueTimers: (request) => dueTimers(pool, request),
    nextDueAt: (queues) => nextDueAt(pool, queues),
    enlist: (worker) => enlist(url, worker),
    lostJobs: () => lostJobs(pool),
    subscribe: (listener) => board.subscribe(listener),
    async saveFlow(flow) {
      await pool.query(
        `insert into connectsoft.flows (digest, name, text) values ($1, $2, $3) on conflict (digest) do nothing`,
        [flow.digest, flow.name, flow.text],
      );
    },
    async loadFlow(digest) {
      const { rows } = await pool.query<{ name: string; text: string }>(
        `select f.name, f.text from connectsoft.flows f where f.digest = $1`,
        [digest],
      );
      return rows[0];
    },
    close: () => board.close(),
  };
}
