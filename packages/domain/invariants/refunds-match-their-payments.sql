-- A refund is of the currency, order and organization of its payment.
-- holds: always
-- by: refunds
select r.id, r.payment_id, r.order_id, r.currency, p.currency as payment_currency
  from refunds r
  left join payments p on p.id = r.payment_id
 where r.id > :from and r.id <= :to
   and (r.currency, r.order_id, r.organization_id)
         is distinct from (p.currency, p.order_id, p.organization_id)
