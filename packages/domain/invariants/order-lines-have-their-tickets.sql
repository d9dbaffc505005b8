-- A line has as many tickets as were bought once its order is fulfilled, and none before.
-- holds: always
-- by: orders
with issued as (
  select order_item_id, count(*) as tickets, max(seq) as highest_seq
    from tickets
   where order_id > :from and order_id <= :to
   group by order_item_id
)
select i.id, i.order_id, o.status, i.quantity, coalesce(k.tickets, 0) as tickets
  from orders o
  join order_items i on i.order_id = o.id
  left join issued k on k.order_item_id = i.id
 where o.id > :from and o.id <= :to
   and i.order_id > :from and i.order_id <= :to
   and (coalesce(k.tickets, 0) <> case o.status when 'fulfilled' then i.quantity else 0 end
        or k.highest_seq > i.quantity)
