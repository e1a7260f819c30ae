/** One transaction: lock the records, decide, write everything, notify. */
import pg, { type PoolClient } from "pg";
import { type DeliveryRecord, initialState } from "../../../domain/delivery/delivery-state.ts";
import { namedIds } from "../../../domain/delivery/step.ts";
import { genesis } from "../../../domain/event/event.ts";
import { refuse } from "../../../domain/refusal.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { StepOptions, StepOutcome, StepRequest } from "../../../ports/engine-store.ts";
import { decideBatch } from "./decide-batch.ts";
import { type DeliveryRow, rowToRecord } from "./rows.ts";
import { stepAtOnce } from "./step-at-once.ts";
import type { StepDatabase } from "./step-database.ts";
import { writeSteps } from "./write-steps.ts";

/**
 * Deliveries that this store knows are taken at once and the others the long way; a delivery's requests stay
 * together and in their order. Rejects where the database gave no answer: any of them may have been taken.
 */
export async function takeSteps(
  database: StepDatabase,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  const groups = Object.values(groupByFamiliarity(database, requests));
  const ends = await Promise.allSettled(
    groups.map(async (group) => {
      const taken = await takeGroup(
        database,
        group.map(({ request }) => request),
        options,
      );
      group.forEach(({ index }, nth) => {
        const outcome = taken[nth];
        if (outcome !== undefined) outcomes[index] = outcome;
      });
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return outcomes;
}

function groupByFamiliarity({ cache }: StepDatabase, requests: StepRequest[]) {
  const numbered = requests.map((request, index) => ({ request, index }));
  return Object.groupBy(numbered, ({ request: { subject } }) =>
    cache.get(subjectKey(subject)) === undefined ? "strange" : "familiar",
  );
}

async function takeGroup(
  database: StepDatabase,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[]> {
  const taken = await stepAtOnce(database, requests, options).catch(giveWay);
  return taken ?? (await stepInTransaction(database, requests, options));
}

/** What a transaction of its own may settle. */
function giveWay(error: unknown): undefined {
  if (!isDeadlock(error) && !isUnwritable(error)) throw error;
}

/** A batch that PostgreSQL will not take as it is, is taken one by one: the fault of one is not that of others. */
async function stepInTransaction(
  database: StepDatabase,
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
  database: StepDatabase,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[]> {
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    const outcomes = await runStep(client, { requests, options, database });
    await client.query("commit");
    client.release();
    return outcomes;
  } catch (error) {
    for (const { subject } of requests) database.cache.drop(subjectKey(subject));
    await client.query("rollback").catch(() => undefined);
    // A connection that failed in the middle may still be inside its transaction: it is not used again.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

async function runStep(
  client: PoolClient,
  { requests, options, database }: { requests: StepRequest[]; options: StepOptions; database: StepDatabase },
): Promise<StepOutcome[]> {
  await makeRecords(client, requests, options.now);
  const before = await lockRecords(client, requests);
  const known = await knownIds(client, requests);
  const { outcomes, steps } = decideBatch(requests, { before, known }, options);
  const grown = new Set(steps.map(({ after }) => subjectKey(after.subject)));
  const unborn = [...before.values()].filter(
    ({ head, subject }) => head.sequence === 0 && !grown.has(subjectKey(subject)),
  );
  await unmakeRecords(client, unborn);
  for (const { subject } of unborn) before.delete(subjectKey(subject));
  if (steps.length === 0) return outcomes;
  const { from, cache } = database;
  const taken = await writeSteps(client, steps, { now: options.now, from, before, absent: [], cache });
  if (!taken) throw new Error("records changed under their own lock");
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

async function unmakeRecords(client: PoolClient, records: DeliveryRecord[]): Promise<void> {
  if (records.length === 0) return;
  await client.query("delete from connectsoft.deliveries d where d.subject = any($1::text[])", [
    records.map(({ subject }) => subjectKey(subject)),
  ]);
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
