-- An open or paid order counts for its buyer what it bought and kept; an ended or complimentary one nothing.
-- holds: always
-- by: orders
with bought as (
  select order_id, sum(quantity) as tickets
    from order_items
   where order_id > :from and order_id <= :to
   group by order_id
), refunded as (
  select order_id, count(*) as tickets
    from tickets
   where order_id > :from and order_id <= :to and status = 'refunded'
   group by order_id
)
select o.id, o.status, o.counted_tickets, b.tickets as bought, coalesce(r.tickets, 0) as refunded
  from orders o
  left join bought b on b.order_id = o.id
  left join refunded r on r.order_id = o.id
 where o.id > :from and o.id <= :to and o.buyer_key is not null
   and (o.complimentary_reason is null or o.counted_tickets <> 0)
   and o.counted_tickets <> case when o.status in ('pending', 'paid', 'fulfilled')
                                       and o.complimentary_reason is null
                                 then coalesce(b.tickets, 0) - coalesce(r.tickets, 0)
                                 else 0 end
