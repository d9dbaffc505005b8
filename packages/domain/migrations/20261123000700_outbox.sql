-- Messages committed with the rows that caused them; id is the job's id. A row is open until its
-- consumer's own transaction closes it, so a job that Redis lost is found and sent again.
create table outbox (
  id uuid primary key,
  queue text not null check (length(queue) <= 100),
  name text not null check (length(name) <= 100),
  payload jsonb not null,
  trace jsonb,
  created_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  dispatched_at timestamptz,
  done_at timestamptz,
  dead_at timestamptz,
  error text check (length(error) <= 2000),
  check (done_at is null or dead_at is null)
);
create index outbox_to_dispatch on outbox (created_at)
  where dispatched_at is null and done_at is null and dead_at is null;
-- Walked in pages by id, so that the rows already done cost nothing.
create index outbox_open on outbox (id)
  where dispatched_at is not null and done_at is null and dead_at is null;
create index outbox_dead on outbox (dead_at) where dead_at is not null;
