-- The ledger owes an order's buyer what its refunds have not given back yet, and no cent more.
-- holds: always
-- by: orders
-- Failed refunds are owed until they are asked for anew or written off. Money that Stripe had given
-- back before we heard of it has its refunds read soon after.
with booked as (
  select t.order_id, -sum(e.amount_cents) as cents
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id and e.account = 'owed_to_buyers'
   where t.order_id > :from and t.order_id <= :to
   group by t.order_id
), due as (
  select r.order_id, sum(r.amount_cents) as cents
    from refunds r
   where r.order_id > :from and r.order_id <= :to
     and (r.status in ('requested', 'submitted')
          or (r.status = 'failed' and r.replaced_at is null
              and not exists (select from ledger_transactions w
                               where w.cause = 'refund/' || r.id || '/written_off')))
   group by r.order_id
)
select coalesce(b.order_id, d.order_id) as id, coalesce(b.cents, 0) as owed_cents,
       coalesce(d.cents, 0) as due_cents
  from booked b
  full join due d on d.order_id = b.order_id
 where coalesce(b.cents, 0) <> coalesce(d.cents, 0)
   and not exists (select from payments p
                    where p.order_id = coalesce(b.order_id, d.order_id)
                      and p.disposition_reason = 'already_refunded'
                      and p.created_at > clock_timestamp() - make_interval(secs => :graceS))
