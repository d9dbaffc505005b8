-- Who tells people of an alert takes it until `tell_after`, and tells outside of any transaction. One that
-- could not be told is tried again later each time.
alter table alerts
  add column tell_after timestamptz not null default '-infinity',
  add column tries int not null default 0 check (tries >= 0);

-- A look writes down what it found unless a later one has. Since when somebody has looked without a gap:
-- nobody is missed for a time in which nobody listened. What Redis counted to: one that counts less than
-- is known lost what was in it, or the end of it.
alter table watch_state
  add column applied_at timestamptz not null default '-infinity',
  add column watching_since timestamptz not null default clock_timestamp(),
  add column redis_count bigint check (redis_count > 0),
  drop column redis_mark;

-- Every service that a sale needs. One that was never here is missed five minutes after this; one that is
-- not wanted is deleted here, and missed no more.
insert into heartbeats (service, instance, at)
select service, 'expected', now() + interval '5 minutes'
  from unnest(array['checkout', 'webhook-ingest', 'ticketing', 'refunds', 'notifications',
                    'inventory-sweeper', 'ops']) as service;
