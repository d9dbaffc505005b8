-- A ticket is in one refund at a time.
-- holds: always
-- by: tickets
select ticket_id as id, array_agg(refund_id order by refund_id) as refunds
  from refund_items
 where ticket_id > :from and ticket_id <= :to and active
 group by ticket_id
having count(*) > 1
