-- A payment that a person must judge has an incident that says so.
-- holds: always
-- by: payments
select p.id, p.order_id, p.disposition_reason
  from payments p
 where p.id > :from and p.id <= :to and p.disposition = 'review'
   and not exists (select from incidents i
                    where i.object_type = 'payment' and i.object_id = p.id::text)
