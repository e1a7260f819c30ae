-- What is looked for across deliveries: one row for each event that tells people something, beside the chains that hold
-- them. A projection: it is written in the step that appends the event.
create table connectsoft.told_events (
  tenant_id text not null,
  at timestamptz not null,
  subject text not null,
  sequence bigint not null,
  name text not null,
  module_id text not null,
  environment text,
  release_id text,
  -- A person, `service:...`, an agent, or the source as it stands on the event.
  actor text not null,
  primary key (subject, sequence)
);
create index told_events_by_age on connectsoft.told_events (tenant_id, at desc, subject desc, sequence desc);
create index told_events_by_name on connectsoft.told_events (tenant_id, name, at desc);
create index told_events_by_actor on connectsoft.told_events (tenant_id, actor, at desc);

-- What outsiders wrote may hold what JSON can escape and jsonb cannot hold: NUL and halves of surrogate pairs.
create function connectsoft.readable(body text) returns jsonb language sql immutable parallel safe
  return case when body ~ '\\u(0000|d[89a-f][0-9a-f]{2})'
              then regexp_replace(body, '\\u(0000|d[89a-f][0-9a-f]{2})', '�', 'g')::jsonb
              else body::jsonb end;

insert into connectsoft.told_events (tenant_id, at, subject, sequence, name, module_id, environment, release_id, actor)
  select split_part(e.subject, '/', 1), (b.body ->> 'time')::timestamptz, e.subject, e.sequence, e.name,
         split_part(e.subject, '/', 3), b.body ->> 'environment',
         coalesce(b.body ->> 'releaseid', b.body #>> '{data,releaseId}'),
         case when b.body ->> 'agentid' is not null then b.body ->> 'agentid'
              else coalesce(b.body #>> '{data,by}', b.body #>> '{data,handedOverBy}', b.body #>> '{data,sponsor}',
                            b.body ->> 'source') end
    from connectsoft.events e cross join lateral (select connectsoft.readable(e.body) as body) b
   where e.name not in ('AgentInvoked', 'AgentCompleted', 'ArtifactWritten', 'FlowStarted', 'TimerFired', 'RolloutProgressed')
     and not (e.name = 'AgentFailed' and (b.body #> '{data,retryAt}' is not null or b.body #> '{data,late}' is not null));

-- Times in it are ISO 8601 in UTC, so their order is that of the text.
create index journal_by_age on connectsoft.journal (tenant_id, (connectsoft.readable(body) ->> 'time') desc, sequence desc);
