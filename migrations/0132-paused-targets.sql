-- To a target that is paused nothing is sent: what happens waits for it until somebody resumes it. What waited through
-- the pause is no older to it than the moment of being resumed. Of what gathered, all can be left out: `skipped`.
alter table connectsoft.notification_targets
  add column paused_at timestamptz,
  add column paused_by text,
  add column paused_reason text,
  add column resumed_at timestamptz not null default '-infinity';

alter table connectsoft.notifications
  drop constraint notifications_state_check,
  add constraint notifications_state_check check (state in ('waiting', 'sent', 'dead', 'skipped'));
