-- Money that came is in the ledger, with its amount.
-- holds: always
-- by: payments
select p.id, p.order_id, p.amount_cents, sum(e.amount_cents) as booked_cents
  from payments p
  left join ledger_transactions t on t.cause = 'payment/' || p.id
  left join ledger_entries e on e.transaction_id = t.id and e.amount_cents > 0
 where p.id > :from and p.id <= :to and p.amount_cents > 0
 group by p.id, p.order_id, p.amount_cents
having sum(e.amount_cents) is distinct from p.amount_cents
