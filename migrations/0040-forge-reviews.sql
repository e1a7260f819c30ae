-- Reviews, reviewers and authors of pull requests, protected branches, and who pushed which commit.
alter table connectsoft.forge_pull_requests
  add column reviewers text[] not null default '{}',
  add column authors text[] not null default '{}',
  -- What was merged: the source branch may move on, or be removed.
  add column merged_head text;

create table connectsoft.forge_reviews (
  id bigint generated always as identity primary key,
  repository text not null,
  number integer not null,
  reviewer text not null,
  verdict text not null check (verdict in ('approved', 'changes-requested', 'commented')),
  commit text not null,
  comment text not null,
  reviewed_at timestamptz not null,
  foreign key (repository, number) references connectsoft.forge_pull_requests (repository, number)
);
create index forge_reviews_of on connectsoft.forge_reviews (repository, number, id);

create table connectsoft.forge_protections (
  repository text primary key,
  -- A list: the first whose pattern fits a branch holds for it.
  protections jsonb not null
);

-- Whoever brought a commit here first does not approve it.
create table connectsoft.forge_pushed_commits (
  repository text not null,
  commit text not null,
  pushed_by text not null,
  pushed_at timestamptz not null default now(),
  primary key (repository, commit)
);
