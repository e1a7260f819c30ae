/**
 * Makes notifications of what chains have grown by, in one statement: the position of a chain moves with what was found
 * on it, or not at all. Engine steps know nothing of it.
 */
import type { Pool } from "pg";
import type { Among, Selection } from "../../../ports/notifications.ts";

const atATime = 1_000;

export async function takeEvents(
  pool: Pool,
  wanted: { tenantId: string; selections: readonly Selection[]; among: Among | undefined },
): Promise<{ made: number; more: boolean }> {
  const selections = wanted.selections.map(({ targetId, names, artifacts, environments, modules }) => ({
    target_id: targetId,
    names,
    artifacts: artifacts ?? null,
    environments: environments ?? null,
    modules: modules ?? null,
  }));
  const { kind, values } = narrowed(wanted.among);
  const { rows } = await pool.query<{ looked: number; made: number }>({
    name: `take-notifications-${kind}`,
    text: statementFor(conditions[kind]),
    values: [wanted.tenantId, JSON.stringify(selections), ...values],
  });
  const { looked, made } = rows[0] ?? { looked: 0, made: 0 };
  return { made, more: looked === atATime };
}

const conditions = {
  all: "",
  of: "and d.subject = any($3::text[])",
  changed: "and d.updated_at > now() - $3 * interval '1 ms'",
};

function narrowed(among: Among | undefined): { kind: keyof typeof conditions; values: unknown[] } {
  if (among === undefined) return { kind: "all", values: [] };
  if ("subjects" in among) return { kind: "of", values: [among.subjects] };
  return { kind: "changed", values: [among.changedWithinMs] };
}

/**
 * A chain without a position is looked at where it has changed since the target is there. A request for approval that
 * asks again for what was asked for already has the id of the first one, and makes nothing. What is behind is found
 * before it is put in order: a limit there would have every chain looked up by itself.
 */
const statementFor = (narrower: string): string => `
with wanted as materialized (
  select t.target_id, t.since, w.names, w.artifacts, w.environments, w.modules
    from jsonb_to_recordset($2::jsonb)
      as w (target_id text, names jsonb, artifacts jsonb, environments jsonb, modules jsonb)
    join connectsoft.notification_targets t on t.tenant_id = $1 and t.target_id = w.target_id),
behind as materialized (
  select d.subject, d.module_id, d.sequence, coalesce(p.sequence, 0) as position,
         w.target_id, w.since, w.names, w.artifacts, w.environments, w.modules
    from connectsoft.deliveries d
    cross join wanted w
    left join connectsoft.notification_positions p
      on p.tenant_id = $1 and p.target_id = w.target_id and p.subject = d.subject
   where d.tenant_id = $1 ${narrower}
     and (p.sequence < d.sequence or (p.sequence is null and d.updated_at >= w.since))),
grown as materialized (
  select b.* from behind b order by b.subject, b.target_id limit ${atATime}),
found as (
  select g.target_id, e.subject, e.sequence, e.name, b.body,
         case when e.name = 'ApprovalRequested'
              then concat_ws(' ', coalesce(b.body ->> 'releaseid', b.body #>> '{data,releaseId}'), b.body #>> '{data,digests}', b.body #>> '{data,open}')
              else e.sequence::text end as topic
    from grown g
    join connectsoft.events e on e.subject = g.subject and e.sequence > g.position and e.sequence <= g.sequence
    cross join lateral (select connectsoft.readable(e.body) as body) b
   where g.names ? e.name
     and (b.body ->> 'time')::timestamptz >= g.since
     and (e.name <> 'ArtifactWritten' or g.artifacts is null
          or exists (select from jsonb_array_elements_text(g.artifacts) fit where b.body #>> '{data,path}' ~ fit))
     and (g.environments is null or g.environments ? (b.body ->> 'environment'))
     and (g.modules is null or g.modules ? g.module_id)),
made as (
  insert into connectsoft.notifications (notification_id, tenant_id, target_id, subject, sequence, name, state, due_at, made_at)
  select 'msg_' || left(encode(sha256(convert_to(concat_ws(e'\\n', $1, f.target_id, f.subject, f.name, f.topic), 'UTF8')), 'hex'), 40),
         $1, f.target_id, f.subject, f.sequence, f.name, 'waiting', now(), now()
    from found f order by f.target_id, f.subject, f.sequence
  on conflict (notification_id) do nothing
  returning 1),
moved as (
  insert into connectsoft.notification_positions as p (tenant_id, target_id, subject, sequence)
  select $1, g.target_id, g.subject, g.sequence from grown g order by g.target_id, g.subject
  on conflict (tenant_id, target_id, subject) do update set sequence = greatest(p.sequence, excluded.sequence)
  returning 1)
select (select count(*)::int from moved) as looked, (select count(*)::int from made) as made`;
