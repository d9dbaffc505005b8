-- A hold that is due has ended.
-- holds: at rest
-- by: whole
-- While Stripe is down a payment page cannot be closed, and its seats are kept on purpose.
select id, event_id, order_id, expires_at
  from ticket_holds
 where status = 'active'
   and expires_at < clock_timestamp() - make_interval(secs => :graceS)
