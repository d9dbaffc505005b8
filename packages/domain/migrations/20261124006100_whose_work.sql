-- Whose work a message is, and what became of each try of it.
-- Written when a message first dies: who sees it, and may replay it. Both null for what names nothing
-- we have: who looks after the machine sees that.
alter table outbox
  add column organization_id uuid references organizations (id),
  add column order_id uuid;

create function as_uuid(value text) returns uuid language sql immutable strict parallel safe as $$
  select case when value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then value::uuid end
$$;

-- The one thing that a message is about, as its payload names it.
create function subject_of(payload jsonb) returns text language sql immutable parallel safe as $$
  select coalesce(payload ->> 'orderId', payload ->> 'refundId', payload ->> 'paymentIntentId',
                  payload ->> 'disputeId', payload ->> 'emailId', payload ->> 'noticeId',
                  payload ->> 'eventId')
$$;
-- outbox_order is of the release before, and goes with the next.
create index outbox_subject on outbox (subject_of(payload));
create index resend_events_mail on resend_events ((payload #>> '{data,email_id}'));

-- Whose that is: no row for a payload that names nothing we have.
create function about_message(said jsonb)
returns table (organization_id uuid, order_id uuid) language sql stable rows 1 as $$
  select o.organization_id, o.id from orders o where o.id = as_uuid(said ->> 'orderId')
   union all
  select r.organization_id, r.order_id from refunds r where r.id = as_uuid(said ->> 'refundId')
   union all
  select p.organization_id, p.order_id from payments p
   where p.provider_id = said ->> 'paymentIntentId'
   union all
  select d.organization_id, d.order_id from disputes d
   where d.id = said ->> 'disputeId' and d.organization_id is not null
   union all
  -- A dispute that nobody has read yet is known by its event alone.
  select p.organization_id, p.order_id
    from stripe_events e
    join payments p on p.provider_id = e.payload #>> '{data,object,payment_intent}'
   where said ? 'disputeId' and e.id = said ->> 'eventId'
   union all
  select m.organization_id, coalesce(m.order_id, k.order_id)
    from emails m
    left join transfers x on x.id = m.transfer_id
    left join tickets k on k.id = x.ticket_id
   where m.id = as_uuid(said ->> 'emailId')
      or m.provider_id = (select e.payload #>> '{data,email_id}' from resend_events e
                           where e.id = said ->> 'eventId')
   union all
  select e.organization_id, null from events e
   where e.id = as_uuid(said ->> 'eventId')
      or e.id = (select n.event_id from event_notices n where n.id = as_uuid(said ->> 'noticeId'))
   limit 1
$$;

update outbox m
   set organization_id = a.organization_id, order_id = a.order_id
  from outbox d cross join lateral about_message(d.payload) a
 where d.id = m.id and m.dead_at is not null;
update incidents i
   set organization_id = m.organization_id,
       details = details || jsonb_strip_nulls(jsonb_build_object('orderId', m.order_id))
  from outbox m
 where m.dead_at is not null and i.object_type = 'message' and i.object_id = m.id::text
   and i.organization_id is null;

-- Tries of a job that did not end its work: it failed, it waits for somebody who is away, or its
-- worker was lost. Waiting for the same reason again counts the row up. They go with their message.
create table message_attempts (
  id uuid primary key,
  message_id uuid not null,
  -- How often the job had been started, this time included; null of a worker that was lost.
  attempt integer check (attempt > 0),
  outcome text not null check (outcome in ('failed', 'waiting', 'lost')),
  error text not null check (length(error) <= 500),
  times integer not null default 1 check (times > 0),
  at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp()
);
create index message_attempts_message on message_attempts (message_id, at);

-- The log of one house is read from its latest act, however much others do.
create index audit_log_house on audit_log (organization_id, id);
create index audit_log_acts on audit_log (organization_id, action, id);
