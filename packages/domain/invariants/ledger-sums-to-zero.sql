-- What happened to money has two sides that are equal in each currency.
-- holds: always
-- by: ledger_transactions
select t.id, t.cause, e.currency, coalesce(sum(e.amount_cents), 0) as sum_cents
  from ledger_transactions t
  left join ledger_entries e on e.transaction_id = t.id
 where t.id > :from and t.id <= :to
 group by t.id, t.cause, e.currency
having count(e.*) < 2 or sum(e.amount_cents) <> 0
