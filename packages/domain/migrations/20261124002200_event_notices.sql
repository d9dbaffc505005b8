-- What everybody of an event is told: that it has changed, or that it is soon. facts are what the
-- mails say of how it was before.
create table event_notices (
  id uuid primary key,
  event_id uuid not null references events (id),
  kind text not null check (kind in ('event_changed', 'event_reminder')),
  facts jsonb not null default '{}',
  -- Who ordered later knows it already.
  orders_before timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz
);
-- One reminder for each time that an event is to begin: one that is moved is said again.
create unique index event_notices_one_reminder on event_notices (event_id, orders_before)
  where kind = 'event_reminder';

-- How long before it begins people are reminded; null for not at all.
alter table events
  add column reminder_hours integer default 24 check (reminder_hours between 1 and 336);
create index events_upcoming on events (starts_at) where status in ('on_sale', 'closed');

alter table emails
  drop constraint emails_kind_check,
  add constraint emails_kind_check check (kind in
    ('order_confirmation', 'refund_requested', 'refund_made', 'refund_failed', 'event_cancelled',
     'payment_too_late', 'dispute_opened', 'wallet_credit', 'transfer_offered', 'transfer_accepted',
     'ticket_received', 'event_changed', 'event_reminder')),
  drop constraint emails_name_their_transfer,
  -- What everybody of an event is told goes to buyers by their order, to others by how they got it.
  add constraint emails_name_their_transfer check (
    case when kind in ('event_changed', 'event_reminder')
         then (transfer_id is null) <> (order_id is null)
         else (kind in ('transfer_offered', 'transfer_accepted', 'ticket_received'))
              = (transfer_id is not null) end);
