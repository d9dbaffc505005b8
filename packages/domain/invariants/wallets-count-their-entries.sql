-- What is in a wallet is what its entries add up to.
-- holds: always
-- by: whole
with entered as (
  select wallet_id, sum(amount_cents) as cents from wallet_entries group by wallet_id
)
select w.id, w.organization_id, w.balance_cents, coalesce(e.cents, 0) as entered_cents
  from wallets w
  left join entered e on e.wallet_id = w.id
 where w.balance_cents <> coalesce(e.cents, 0)
