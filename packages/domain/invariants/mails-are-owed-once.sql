-- A mail is owed once for each reason.
-- holds: always
-- by: emails
select e.id, e.order_id, e.kind
  from emails e
 where e.id > :from and e.id <= :to
   and exists (select from emails f where f.dedupe_key = e.dedupe_key and f.id <> e.id)
