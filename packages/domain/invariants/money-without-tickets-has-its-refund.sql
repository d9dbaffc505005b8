-- A payment that became no tickets has the refund that gives it back.
-- holds: always
-- by: payments
-- One that Stripe gave back before we heard of it needs none of ours.
select p.id, p.order_id, p.amount_cents, p.disposition_reason
  from payments p
 where p.id > :from and p.id <= :to and p.disposition = 'refund' and p.amount_cents > 0
   and not exists (select from refunds r where r.payment_id = p.id)
   and p.amount_cents > coalesce((select sum(s.amount_cents) from stripe_refunds s
                                   where s.payment_intent_id = p.provider_id
                                     and s.status not in ('failed', 'canceled')), 0)
