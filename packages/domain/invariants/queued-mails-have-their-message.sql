-- A mail that is to be sent has a message that sends it, or one that a person was told of.
-- holds: always
-- by: emails
with waiting as materialized (
  select payload ->> 'emailId' as email_id
    from outbox
   where dispatched_at is null and done_at is null and dead_at is null and name = 'email.send'
   union all
  select payload ->> 'emailId'
    from outbox
   where dispatched_at is not null and done_at is null and dead_at is null and name = 'email.send'
   union all
  select payload ->> 'emailId' from outbox where dead_at is not null and name = 'email.send'
)
select e.id, e.order_id, e.created_at
  from emails e
 where e.id > :from and e.id <= :to and e.status = 'queued'
   and e.id::text not in (select email_id from waiting where email_id is not null)
