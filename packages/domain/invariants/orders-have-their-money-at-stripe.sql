-- What the ledger has of an order at Stripe is what came, less what went back and what banks took.
-- holds: always
-- by: orders
-- Fees were taken from it, and an exchange turned it into another currency. Money that came in
-- another currency than the order's waits for a person, and is left out here.
with booked as (
  select t.order_id, sum(e.amount_cents) as cents
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
    join orders o on o.id = t.order_id
   where t.order_id > :from and t.order_id <= :to and e.currency = o.currency
     and e.account in ('stripe_balance', 'stripe_fees', 'dispute_fees', 'currency_exchange')
   group by t.order_id
), moved as (
  select m.order_id, sum(m.cents) as cents
    from (select order_id, currency, amount_cents as cents
            from payments
           where order_id > :from and order_id <= :to and provider = 'stripe'
           union all
          select r.order_id, r.currency, -r.amount_cents
            from refunds r
            join payments p on p.id = r.payment_id and p.provider = 'stripe'
           where r.order_id > :from and r.order_id <= :to and r.status = 'succeeded'
             and r.wallet_id is null
           union all
          select order_id, currency, -withdrawn_cents
            from disputes
           where order_id > :from and order_id <= :to) m
    join orders o on o.id = m.order_id and o.currency = m.currency
   group by m.order_id
)
select coalesce(b.order_id, m.order_id) as id, coalesce(b.cents, 0) as booked_cents,
       coalesce(m.cents, 0) as moved_cents
  from booked b
  full join moved m on m.order_id = b.order_id
 where coalesce(b.cents, 0) <> coalesce(m.cents, 0)
