-- What Stripe gave back of a payment that we know is a refund here, of the same amount and end.
-- holds: at rest
-- by: whole
select s.id, p.id as payment_id, p.order_id, s.amount_cents, s.status, r.id as refund_id,
       r.amount_cents as our_cents, r.status as our_status
  from stripe_refunds s
  join payments p on p.provider = 'stripe' and p.provider_id = s.payment_intent_id
  left join refunds r on r.stripe_refund_id = s.id
 where s.read_at < clock_timestamp() - make_interval(secs => :graceS)
   and (r.amount_cents is distinct from s.amount_cents
        or (r.status = 'succeeded') <> (s.status = 'succeeded'))
