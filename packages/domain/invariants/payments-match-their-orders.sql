-- A payment that became tickets is of the amount, currency and organization of its order.
-- holds: always
-- by: orders
select p.id, p.order_id, p.amount_cents, p.currency, o.total_cents, o.currency as order_currency
  from payments p
  left join orders o on o.id = p.order_id and o.id > :from and o.id <= :to
 where p.order_id > :from and p.order_id <= :to and p.disposition = 'tickets'
   and (p.amount_cents, p.currency, p.organization_id)
         is distinct from (o.total_cents, o.currency, o.organization_id)
