-- A paid order that waits for its tickets has a message that will issue them, or one that a person was told of.
-- holds: always
-- by: whole
-- Open messages and open orders are few, and have indexes of their own.
with waiting as materialized (
  select payload ->> 'orderId' as order_id
    from outbox
   where dispatched_at is null and done_at is null and dead_at is null
   union all
  select payload ->> 'orderId'
    from outbox
   where dispatched_at is not null and done_at is null and dead_at is null
   union all
  select payload ->> 'orderId' from outbox where dead_at is not null
)
select o.id, o.paid_at
  from orders o
 where o.status = 'paid'
   and o.id::text not in (select order_id from waiting where order_id is not null)
