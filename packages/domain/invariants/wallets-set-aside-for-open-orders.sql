-- What a wallet has set aside is what pending orders want of it.
-- holds: always
-- by: whole
with wanted as (
  select wallet_id, sum(wallet_cents) as cents
    from orders
   where wallet_id is not null and status = 'pending'
   group by wallet_id
)
select w.id, w.organization_id, w.escrow_cents, coalesce(o.cents, 0) as wanted_cents
  from wallets w
  left join wanted o on o.wallet_id = w.id
 where w.escrow_cents <> coalesce(o.cents, 0)
