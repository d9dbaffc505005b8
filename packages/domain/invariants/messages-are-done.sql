-- A message is soon done.
-- holds: at rest
-- by: whole
-- While a provider is down its messages wait, up to 72 hours.
select id, name, queue, created_at
  from outbox
 where dispatched_at is null and done_at is null and dead_at is null
   and created_at < clock_timestamp() - make_interval(secs => :graceS)
 union all
select id, name, queue, created_at
  from outbox
 where dispatched_at is not null and done_at is null and dead_at is null
   and created_at < clock_timestamp() - make_interval(secs => :graceS)
