-- A paid order has one payment for its tickets, another order has none.
-- holds: always
-- by: orders
with paid as (
  select order_id, count(*) as payments
    from payments
   where order_id > :from and order_id <= :to and disposition = 'tickets'
   group by order_id
)
select o.id, o.status, coalesce(p.payments, 0) as payments
  from orders o
  left join paid p on p.order_id = o.id
 where o.id > :from and o.id <= :to
   and coalesce(p.payments, 0) <> case when o.status in ('paid', 'fulfilled') then 1 else 0 end
