/** One transaction: lock the records, decide, write everything, notify. */
import pg, { type Pool, type PoolClient } from "pg";
import { namedIds } from "../../../domain/delivery/decide-step.ts";
import { type DeliveryRecord, initialState } from "../../../domain/delivery/delivery-state.ts";
import { genesis } from "../../../domain/event/event.ts";
import { refuse } from "../../../domain/refusal.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { Job, StepOptions, StepOutcome, StepRequest } from "../../../ports/engine-store.ts";
import { jobChanges } from "../project-jobs.ts";
import { type DeliveryRow, rowToRecord } from "./rows.ts";
import { writeSteps } from "./write-steps.ts";
import type { WrittenStep } from "./written-step.ts";

interface Database {
  pool: Pool;
  /** The name under which notices go out. */
  from: string;
}

/** A batch that PostgreSQL will not take as it is, is taken one by one: the fault of one is not that of others. */
export async function stepInTransaction(
  database: Database,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(database, requests, options);
    } catch (error) {
      if (isDeadlock(error) && attempt < 5) continue;
      if (!isUnwritable(error)) throw error;
      const [request, ...others] = requests;
      if (request === undefined || others.length === 0)
        return [{ status: "refused", error: unwritable(error) }];
      const outcomes = await stepInTransaction(database, [request], options);
      return [...outcomes, ...(await stepInTransaction(database, others, options))];
    }
  }
}

async function transact(
  { pool, from }: Database,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[]> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const outcomes = await runStep(client, requests, { ...options, from });
    await client.query("commit");
    client.release();
    return outcomes;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    // A connection that failed in the middle may still be inside its transaction: it is not used again.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

async function runStep(
  client: PoolClient,
  requests: StepRequest[],
  options: StepOptions & { from: string },
): Promise<StepOutcome[]> {
  await makeRecords(client, requests, options.now);
  const records = await lockRecords(client, requests);
  const known = await knownIds(client, requests);
  const before = new Map(records);
  const written = new Map<string, WrittenStep>();
  const outcomes = requests.map((request): StepOutcome => {
    const key = subjectKey(request.subject);
    const record = records.get(key);
    const isThere = record !== undefined && (record.head.sequence > 0 || request.create);
    if (!isThere) return { status: "refused", error: unknown(key) };
    try {
      const decision = options.decide(record, request.input, known.get(key) ?? none);
      for (const event of decision.events) known.get(key)?.add(event.id);
      records.set(key, decision.record);
      const sofar = written.get(key) ?? {
        before: record,
        after: record,
        events: [],
        artifacts: [],
        jobs: noJobs,
      };
      sofar.after = decision.record;
      sofar.events.push(...decision.events);
      sofar.artifacts.push(...decision.artifacts);
      written.set(key, sofar);
      return { status: "done", decision, reserved: [] };
    } catch (error) {
      return { status: "refused", error: error instanceof Error ? error : new Error(String(error)) };
    }
  });
  for (const step of written.values()) step.jobs = jobChanges(step.before, step.after, options);
  const unborn = [...before].filter(([key, record]) => record.head.sequence === 0 && !grew(written.get(key)));
  await writeSteps(client, [...written.values()].filter(grew), {
    now: options.now,
    from: options.from,
    unborn: unborn.map(([key]) => key),
  });
  assignReserved(outcomes, requests, written);
  return outcomes;
}

/** SQLSTATE 40: this transaction was the one that gave way, and may simply begin again. */
function isDeadlock(error: unknown): boolean {
  return sqlState(error).startsWith("40");
}

/** SQLSTATE 22, 23 and 54: data, constraints and limits. Trying again would not help. */
function isUnwritable(error: unknown): error is Error {
  return error instanceof Error && /^(22|23|54)/.test(sqlState(error));
}

function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? "") : "";
}

function unwritable(error: Error): Error {
  return refuse("InputInvalid", `The database cannot keep this: ${error.message}.`);
}

const none: ReadonlySet<string> = new Set();
const noJobs = { put: [], drop: [] };

function grew(step: WrittenStep | undefined): boolean {
  return step !== undefined && step.events.length > 0;
}

function unknown(key: string): Error {
  return refuse("NotFound", `There is no delivery ${key}.`, "List the deliveries: connectsoft status");
}

/** Hands the reserved jobs of each delivery to the last of its requests, whose record is the one that was written. */
function assignReserved(
  outcomes: StepOutcome[],
  requests: StepRequest[],
  written: Map<string, WrittenStep>,
): void {
  const left = new Map([...written].filter(([, step]) => grew(step)));
  for (let index = outcomes.length - 1; index >= 0; index -= 1) {
    const outcome = outcomes[index];
    const request = requests[index];
    if (outcome?.status !== "done" || request === undefined) continue;
    const key = subjectKey(request.subject);
    const reserved: Job[] = left.get(key)?.jobs.put.filter((job) => job.worker !== undefined) ?? [];
    left.delete(key);
    outcome.reserved = reserved;
  }
}

async function makeRecords(client: PoolClient, requests: StepRequest[], now: string): Promise<void> {
  const fresh = requests.filter((request) => request.create).map((request) => request.subject);
  if (fresh.length === 0) return;
  const keys = [...new Set(fresh.map(subjectKey))].sort();
  await client.query({
    name: "make-records",
    text: `insert into connectsoft.deliveries
             (subject, tenant_id, trace_id, module_id, phase, sequence, hash, state, active, created_at, updated_at)
           select subject, split_part(subject, '/', 1), split_part(subject, '/', 2), split_part(subject, '/', 3),
                  'new', 0, $2, $3, '{}', $4, $4
           from unnest($1::text[]) as fresh (subject)
           on conflict (subject) do nothing`,
    values: [keys, genesis.hash, JSON.stringify(initialState), now],
  });
}

async function lockRecords(
  client: PoolClient,
  requests: StepRequest[],
): Promise<Map<string, DeliveryRecord>> {
  const keys = [...new Set(requests.map((request) => subjectKey(request.subject)))];
  const { rows } = await client.query<DeliveryRow>({
    name: "lock-records",
    text: `select d.subject, d.sequence, d.hash, d.hand_over, d.state
           from connectsoft.deliveries d where d.subject = any($1::text[]) order by d.subject for update`,
    values: [keys],
  });
  return new Map(rows.map((row) => [row.subject, rowToRecord(row)]));
}

async function knownIds(client: PoolClient, requests: StepRequest[]): Promise<Map<string, Set<string>>> {
  const wanted = requests.flatMap((request) =>
    namedIds(request.input).map((id) => ({ subject: subjectKey(request.subject), id })),
  );
  const known = new Map<string, Set<string>>(wanted.map(({ subject }) => [subject, new Set<string>()]));
  if (wanted.length === 0) return known;
  const { rows } = await client.query<{ subject: string; event_id: string }>({
    name: "known-ids",
    text: `select e.subject, e.event_id from connectsoft.events e
           join unnest($1::text[], $2::text[]) as wanted (subject, event_id)
             on e.subject = wanted.subject and e.event_id = wanted.event_id`,
    values: [wanted.map(({ subject }) => subject), wanted.map(({ id }) => id)],
  });
  for (const row of rows) known.get(row.subject)?.add(row.event_id);
  return known;
}
