-- A payment that became tickets is of the amount, currency and organization of its order.
-- holds: always
-- by: orders
-- A wallet's is of what the wallet pays of the order, and another of the rest.
select p.id, p.order_id, p.provider, p.amount_cents, p.currency, o.total_cents, o.wallet_cents,
       o.currency as order_currency
  from payments p
  left join orders o on o.id = p.order_id and o.id > :from and o.id <= :to
 where p.order_id > :from and p.order_id <= :to and p.disposition = 'tickets'
   and (p.amount_cents, p.currency, p.organization_id)
         is distinct from
         (case p.provider when 'wallet' then o.wallet_cents else o.total_cents - o.wallet_cents end,
          o.currency, o.organization_id)
