/** Answers by key in the database, for all servers that share it. */
import type { Pool } from "pg";
import type { Clock } from "../../../ports/clock.ts";
import type { Begun, IdempotentAnswers, KeyedRequest } from "../../../ports/idempotent-answers.ts";

const keptMs = 24 * 3_600_000;
/** A server that died in the middle will not end it any more. */
const givenUpMs = 5 * 60_000;

interface Row {
  request: string;
  status: number | null;
  body: string | null;
}

export function createIdempotentAnswers(pool: Pool, clock: Clock): IdempotentAnswers {
  const ago = (ms: number) => new Date(clock.now().getTime() - ms);
  return {
    async begin(asked): Promise<Begun> {
      const taken = await pool.query(beginStatement, [
        ...placeOf(asked),
        ...[asked.request, clock.now(), ago(keptMs), ago(givenUpMs)],
      ]);
      if (taken.rowCount === 1) return { kind: "yours" };
      const { rows } = await pool.query<Row>(
        `select i.request, i.status, i.body from connectsoft.idempotent_answers i where ${place}`,
        placeOf(asked),
      );
      const [known] = rows;
      // It was dropped meanwhile: whoever asks again finds it free.
      if (known === undefined) return { kind: "underWay" };
      if (known.request !== asked.request) return { kind: "other" };
      if (known.status === null) return { kind: "underWay" };
      return {
        kind: "answered",
        answer: { status: known.status, ...(known.body !== null && { body: known.body }) },
      };
    },
    async keep(asked, { status, body }) {
      await pool.query(`update connectsoft.idempotent_answers i set status = $5, body = $6 where ${place}`, [
        ...placeOf(asked),
        status,
        body ?? null,
      ]);
    },
    async drop(asked) {
      await pool.query(`delete from connectsoft.idempotent_answers i where ${place}`, placeOf(asked));
    },
  };
}

const place = "i.tenant_id = $1 and i.person = $2 and i.operation = $3 and i.key = $4";

function placeOf({ tenantId, person, operation, key }: KeyedRequest): string[] {
  return [tenantId, person, operation, key];
}

const beginStatement = `
with old as (
  delete from connectsoft.idempotent_answers o where (o.tenant_id, o.person, o.operation, o.key) in (
    select d.tenant_id, d.person, d.operation, d.key from connectsoft.idempotent_answers d
    where d.began_at < $7 and (d.tenant_id, d.person, d.operation, d.key) <> ($1, $2, $3, $4)
    order by d.began_at limit 100 for update skip locked))
insert into connectsoft.idempotent_answers as i (tenant_id, person, operation, key, request, began_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id, person, operation, key) do update
  set request = excluded.request, began_at = excluded.began_at, status = null, body = null
  where i.began_at < $7 or (i.status is null and i.began_at < $8)
returning 1`;
