-- A refund that is requested has a message that asks Stripe for it, unless a person was told.
-- holds: always
-- by: refunds
-- A dead message is one that a person was told of. The three parts have an index each.
with waiting as materialized (
  select payload ->> 'refundId' as refund_id
    from outbox
   where dispatched_at is null and done_at is null and dead_at is null and name = 'refund.submit'
   union all
  select payload ->> 'refundId'
    from outbox
   where dispatched_at is not null and done_at is null and dead_at is null
     and name = 'refund.submit'
   union all
  select payload ->> 'refundId' from outbox where dead_at is not null and name = 'refund.submit'
)
select r.id, r.payment_id, r.order_id, r.amount_cents
  from refunds r
 where r.id > :from and r.id <= :to and r.status = 'requested' and not r.is_waiting
   and r.id::text not in (select refund_id from waiting where refund_id is not null)
