/** What can be asked of the store. */
import type { Pool } from "pg";
import { askTogether } from "../../../domain/ask-together.ts";
import type { DeliveryPhase } from "../../../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { ArtifactKind } from "../../../domain/memory/artifact-path.ts";
import { type Subject, subjectKey } from "../../../domain/scope.ts";
import type {
  ArtifactContent,
  DeliveryQuery,
  DeliverySummary,
  EngineStore,
  EventQuery,
  StoredArtifact,
} from "../../../ports/engine-store.ts";
import { type DeliveryRow, iso, rowToRecord, splitKey } from "./rows.ts";

/** Everybody who looks loads a record first: those that are asked for at once are one question. */
export function createLoad(pool: Pool): EngineStore["load"] {
  const recordsOf = askTogether(async (subjects: string[]) => {
    const { rows } = await pool.query<DeliveryRow>({
      name: "load-deliveries",
      text: `select d.subject, d.sequence, d.hash, d.hand_over, d.state from connectsoft.deliveries d
             where d.subject = any($1::text[])`,
      values: [subjects],
    });
    return new Map(rows.map((row) => [row.subject, row]));
  });

  return async (subject) => {
    const key = subjectKey(subject);
    const row = (await recordsOf(key)).get(key);
    return row === undefined ? undefined : rowToRecord(row);
  };
}

export async function list(pool: Pool, query: DeliveryQuery): Promise<DeliverySummary[]> {
  const { rows } = await pool.query<{
    subject: string;
    phase: DeliveryPhase;
    sequence: string;
    active: string;
    created_at: Date;
    updated_at: Date;
  }>(
    `select d.subject, d.phase, d.sequence, d.active, d.created_at, d.updated_at from connectsoft.deliveries d
     where ($1::text is null or d.tenant_id = $1) and ($2::text is null or d.module_id = $2)
       and ($3::text is null or d.trace_id = $3) and ($4::text is null or d.phase = $4)
       and ($5::text is null or (d.active like '%"' || $5 || '"%' and exists (
         select 1 from jsonb_each(d.active::jsonb) as a (instance, states) where a.states ? $5)))
       and (not $7 or not exists (
         select 1 from connectsoft.deliveries n
          where n.tenant_id = d.tenant_id and n.module_id = d.module_id
            and (n.created_at > d.created_at or (n.created_at = d.created_at and n.subject < d.subject))))
       ${query.dependent === true ? isDependent : ""}
     order by d.created_at desc, d.subject limit $6`,
    [
      ...[query.tenantId, query.moduleId, query.traceId, query.phase, query.state],
      ...[query.limit ?? 100, query.newestOfModule === true],
    ],
  );
  return rows.map((row) => ({
    subject: splitKey(row.subject),
    phase: row.phase,
    active: JSON.parse(row.active),
    sequence: Number(row.sequence),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  }));
}

/** Word for word as an index has it. */
const isDependent = `and d.phase = 'open' and d.hand_over like '%"dependsOn":["%'`;

export async function events(pool: Pool, subject: Subject, query: EventQuery = {}): Promise<DeliveryEvent[]> {
  const { rows } = await pool.query<{ body: string }>({
    name: "events",
    text: `select e.body from connectsoft.events e
           where e.subject = $1 and e.sequence > $2 and ($3::text[] is null or e.name = any($3))
           order by e.sequence limit $4`,
    values: [subjectKey(subject), query.after ?? 0, query.names ?? null, query.limit ?? null],
  });
  return rows.map((row) => JSON.parse(row.body));
}

interface ArtifactRow {
  path: string;
  version: number;
  kind: ArtifactKind;
  name: string;
  sha256: string;
  agent_id: string;
  skill_id: string;
  invocation_id: string;
  written_at: Date;
  bytes: number;
}

export async function artifacts(
  pool: Pool,
  query: Parameters<EngineStore["artifacts"]>[0],
): Promise<StoredArtifact[]> {
  const { rows } = await pool.query<ArtifactRow>(
    `select a.path, a.version, a.kind, a.name, a.sha256, a.agent_id, a.skill_id, a.invocation_id, a.written_at,
            octet_length(a.content) as bytes
     from connectsoft.artifacts a
     where a.tenant_id = $1 and ($2::text is null or a.trace_id = $2) and ($3::text is null or a.module_id = $3)
       and ($4 or not exists (
         select 1 from connectsoft.artifacts n
         where n.tenant_id = a.tenant_id and n.path = a.path and n.version > a.version))
     order by a.path, a.version`,
    [query.tenantId, query.traceId, query.moduleId, query.allVersions === true],
  );
  return rows.map((row) => ({
    path: row.path,
    version: row.version,
    kind: row.kind,
    name: row.name,
    sha256: row.sha256,
    writer: { agentId: row.agent_id, skillId: row.skill_id, invocationId: row.invocation_id },
    writtenAt: iso(row.written_at),
    bytes: row.bytes,
  }));
}

export async function artifact(
  pool: Pool,
  query: Parameters<EngineStore["artifact"]>[0],
): Promise<ArtifactContent | undefined> {
  const { rows } = await pool.query<ArtifactContent>({
    name: "artifact",
    text: `select a.content, a.version, a.sha256 from connectsoft.artifacts a
           where a.tenant_id = $1 and a.path = $2 and ($3::int is null or a.version = $3)
           order by a.version desc limit 1`,
    values: [query.tenantId, query.path, query.version ?? null],
  });
  return rows[0];
}

export async function findByRelease(
  pool: Pool,
  tenantId: string,
  releaseId: string,
): Promise<Subject | undefined> {
  const { rows } = await pool.query<{ subject: string }>({
    name: "find-by-release",
    text: `select e.subject from connectsoft.events e
           where e.name = 'ReleaseProposed' and (e.body::jsonb -> 'data' ->> 'releaseId') = $2
             and e.subject like $1 || '/%'
           order by e.sequence limit 1`,
    values: [tenantId, releaseId],
  });
  return rows[0] === undefined ? undefined : splitKey(rows[0].subject);
}

export async function nextTraceNumber(pool: Pool, tenantId: string, day: string): Promise<number> {
  const { rows } = await pool.query<{ last: number }>(
    `insert into connectsoft.trace_numbers as n (tenant_id, day, last) values ($1, $2, 1)
     on conflict (tenant_id, day) do update set last = n.last + 1 returning last`,
    [tenantId, day],
  );
  return rows[0]?.last ?? 1;
}
