-- A payment counts as given back, and as on its way back, what its refunds say.
-- holds: always
-- by: payments
with given as (
  select payment_id,
         coalesce(sum(amount_cents) filter (where status = 'succeeded'), 0) as done,
         coalesce(sum(amount_cents) filter (where status in ('requested', 'submitted')), 0) as open
    from refunds
   where payment_id > :from and payment_id <= :to
   group by payment_id
)
select p.id, p.order_id, p.refunded_cents, p.refund_open_cents, coalesce(g.done, 0) as done_cents,
       coalesce(g.open, 0) as open_cents
  from payments p
  left join given g on g.payment_id = p.id
 where p.id > :from and p.id <= :to
   and (p.refunded_cents, p.refund_open_cents)
         <> (coalesce(g.done, 0), coalesce(g.open, 0))
