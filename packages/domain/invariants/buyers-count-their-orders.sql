-- A buyer has of an event what their orders count together.
-- holds: always
-- by: events
-- The buyer is named by their first order: a violation holds no address.
with ordered as (
  select event_id, buyer_key, sum(counted_tickets) as tickets, min(number) as first_order
    from orders
   where event_id > :from and event_id <= :to and buyer_key is not null
   group by event_id, buyer_key
), counted as (
  select event_id, buyer_key, tickets
    from buyer_limits
   where event_id > :from and event_id <= :to
)
select coalesce(b.event_id, o.event_id) as id, o.first_order, coalesce(b.tickets, 0) as counted,
       coalesce(o.tickets, 0) as of_orders
  from counted b
  full join ordered o on (o.event_id, o.buyer_key) = (b.event_id, b.buyer_key)
 where coalesce(b.tickets, 0) <> coalesce(o.tickets, 0)
