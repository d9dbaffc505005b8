-- A refund into a wallet is in that wallet, once, with its amount.
-- holds: always
-- by: refunds
select r.id, r.wallet_id, r.order_id, r.amount_cents, e.amount_cents as credited_cents
  from refunds r
  left join wallet_entries e on e.wallet_id = r.wallet_id and e.invoice = 'refund/' || r.id
 where r.id > :from and r.id <= :to and r.wallet_id is not null and r.amount_cents > 0
   and e.amount_cents is distinct from r.amount_cents
