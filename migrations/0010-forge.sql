-- Pull requests of the embedded forge. Numbers count per repository.
create schema if not exists connectsoft;

create table connectsoft.forge_repositories (
  repository text primary key,
  last_number integer not null
);

create table connectsoft.forge_pull_requests (
  repository text not null references connectsoft.forge_repositories (repository),
  number integer not null,
  title text not null,
  body text not null,
  labels text[] not null,
  source_branch text not null,
  target_branch text not null,
  state text not null check (state in ('open', 'merged', 'closed')),
  merge_commit text,
  merge_tree text,
  merge_parents text[],
  opened_at timestamptz not null default now(),
  primary key (repository, number),
  check ((state = 'merged') = (merge_commit is not null and merge_tree is not null and merge_parents is not null))
);
create unique index forge_one_open_a_branch
  on connectsoft.forge_pull_requests (repository, source_branch) where state = 'open';

create table connectsoft.forge_checks (
  repository text not null,
  number integer not null,
  name text not null,
  commit text not null,
  conclusion text not null check (conclusion in ('success', 'failure')),
  summary text not null,
  primary key (repository, number, name),
  foreign key (repository, number) references connectsoft.forge_pull_requests (repository, number)
);
