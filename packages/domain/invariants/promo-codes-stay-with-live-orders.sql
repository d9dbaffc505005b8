-- An order keeps its promo code while it lives, and gives it back with its end or its last ticket.
-- holds: always
-- by: orders
with live as (
  select order_id
    from tickets
   where order_id > :from and order_id <= :to and status <> 'refunded'
   group by order_id
), having_code as (
  select distinct order_id
    from promo_redemptions
   where order_id > :from and order_id <= :to and state in ('reserved', 'kept')
)
select o.id, o.status, o.promo_code_id, c.order_id is not null as has_code
  from orders o
  left join live l on l.order_id = o.id
  left join having_code c on c.order_id = o.id
 where o.id > :from and o.id <= :to and o.promo_code_id is not null
   and (o.status in ('pending', 'paid') or (o.status = 'fulfilled' and l.order_id is not null))
         <> (c.order_id is not null)
