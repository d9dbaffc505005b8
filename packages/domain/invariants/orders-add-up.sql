-- An order costs what its lines cost, and a line what its tickets cost less its discount.
-- holds: always
-- by: orders
with lines as (
  select order_id, sum(total_cents) as total, sum(quantity * unit_price_cents) as subtotal,
         sum(discount_cents) as discount,
         bool_and(total_cents = quantity * unit_price_cents - discount_cents + tax_cents + fee_cents)
           as lines_add_up
    from order_items
   where order_id > :from and order_id <= :to
   group by order_id
)
select o.id, o.total_cents, l.total as lines_total_cents
  from orders o
  left join lines l on l.order_id = o.id
 where o.id > :from and o.id <= :to
   and (l.lines_add_up is not true
        or (o.total_cents, o.subtotal_cents, o.discount_cents)
             is distinct from (l.total, l.subtotal, l.discount)
        or o.total_cents <> o.subtotal_cents - o.discount_cents + o.tax_cents + o.fee_cents)
