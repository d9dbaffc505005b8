-- A refund that is requested is soon asked for at Stripe.
-- holds: at rest
-- by: refunds
select id, payment_id, order_id, amount_cents, created_at
  from refunds
 where id > :from and id <= :to and status = 'requested'
   and not is_waiting
   and created_at < clock_timestamp() - make_interval(secs => :graceS)
