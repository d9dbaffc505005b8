-- What Stripe told us is soon acted upon.
-- holds: at rest
-- by: whole
select id, type, received_at
  from stripe_events
 where processed_at is null
   and received_at < clock_timestamp() - make_interval(secs => :graceS)
