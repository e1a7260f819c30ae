/** Rows as they come from PostgreSQL, and what they mean. */
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import { parseSubjectKey, type Subject } from "../../../domain/scope.ts";
import type { Job } from "../../../ports/engine-store.ts";
import { never } from "../project-jobs.ts";

export interface DeliveryRow {
  subject: string;
  sequence: string | number;
  hash: string;
  hand_over: string | null;
  state: string;
}

export function rowToRecord(row: DeliveryRow): DeliveryRecord {
  return {
    subject: splitKey(row.subject),
    head: { sequence: Number(row.sequence), hash: row.hash },
    handOver: row.hand_over === null ? undefined : JSON.parse(row.hand_over),
    state: JSON.parse(row.state),
  };
}

export interface JobRow {
  subject: string;
  invocation_id: string;
  attempt: number;
  agent_id: string;
  queue: string;
  /** Infinity: it waits for an event. */
  due_at: Date | string | number;
}

export function rowToJob(row: JobRow): Job {
  return {
    subject: splitKey(row.subject),
    invocationId: row.invocation_id,
    attempt: row.attempt,
    agentId: row.agent_id,
    queue: row.queue,
    dueAt: row.due_at === Number.POSITIVE_INFINITY ? never : iso(row.due_at),
  };
}

/** Keys in our own rows were checked when they came in; parsing them again for each row would be waste. */
export function splitKey(key: string): Subject {
  const [tenantId, traceId, moduleId] = key.split("/");
  if (tenantId === undefined || traceId === undefined || moduleId === undefined) return parseSubjectKey(key);
  return { tenantId, traceId, moduleId };
}

/** PostgreSQL gives timestamps as Date; ours are ISO 8601 in UTC. */
export function iso(value: Date | string | number): string {
  return value instanceof Date ? value.toISOString() : new Date(value).toISOString();
}
