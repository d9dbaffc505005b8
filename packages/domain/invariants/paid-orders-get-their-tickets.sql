-- A paid order soon has its tickets.
-- holds: at rest
-- by: whole
select id, paid_at
  from orders
 where status = 'paid' and paid_at < clock_timestamp() - make_interval(secs => :graceS)
