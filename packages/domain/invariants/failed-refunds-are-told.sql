-- A refund of ours that failed has an incident that says so.
-- holds: always
-- by: refunds
select r.id, r.payment_id, r.order_id, r.amount_cents
  from refunds r
 where r.id > :from and r.id <= :to and r.status = 'failed' and r.kind <> 'external'
   and not exists (select from incidents i
                    where i.object_type = 'refund' and i.object_id = r.id::text)
