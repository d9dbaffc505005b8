-- A paid order has one payment for its tickets, or a wallet's and one for the rest; another has none.
-- holds: always
-- by: orders
with paid as (
  select order_id, count(*) filter (where provider <> 'wallet') as payments,
         count(*) filter (where provider = 'wallet') as from_wallets
    from payments
   where order_id > :from and order_id <= :to and disposition = 'tickets'
   group by order_id
)
select o.id, o.status, o.total_cents, o.wallet_cents, coalesce(p.payments, 0) as payments,
       coalesce(p.from_wallets, 0) as from_wallets
  from orders o
  left join paid p on p.order_id = o.id
 where o.id > :from and o.id <= :to
   and (coalesce(p.payments, 0), coalesce(p.from_wallets, 0)) is distinct from
         (case when o.status not in ('paid', 'fulfilled') then 0
               when o.wallet_cents > 0 and o.wallet_cents = o.total_cents then 0 else 1 end,
          case when o.status in ('paid', 'fulfilled') and o.wallet_cents > 0 then 1 else 0 end)
