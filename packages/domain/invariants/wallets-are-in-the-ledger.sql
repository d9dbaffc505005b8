-- The ledger owes buyers and organizations what is in their wallets, and sets aside what they do.
-- holds: always
-- by: whole
with booked as (
  select t.organization_id, e.account, e.currency, -sum(e.amount_cents) as cents
    from ledger_entries e
    join ledger_transactions t on t.id = e.transaction_id
   where e.account in ('wallet_credit', 'wallet_escrow', 'organization_credits')
   group by t.organization_id, e.account, e.currency
), kept as (
  select organization_id, account, currency, sum(cents) as cents
    from (select organization_id, currency, balance_cents as cents,
                 case kind when 'buyer' then 'wallet_credit' else 'organization_credits' end as account
            from wallets
           union all
          select organization_id, currency, escrow_cents, 'wallet_escrow' from wallets) w
   group by organization_id, account, currency
)
select coalesce(b.organization_id, k.organization_id) as id, coalesce(b.account, k.account) as account,
       coalesce(b.currency, k.currency) as currency, coalesce(b.cents, 0) as booked_cents,
       coalesce(k.cents, 0) as kept_cents
  from booked b
  full join kept k on (k.organization_id, k.account, k.currency)
                        = (b.organization_id, b.account, b.currency)
 where coalesce(b.cents, 0) <> coalesce(k.cents, 0)
