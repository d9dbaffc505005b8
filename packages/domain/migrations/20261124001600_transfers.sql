-- A ticket on its way from who holds it to somebody else. An accepted one changed the holder and the
-- ticket's credential version; rows stay, so that custody can be read back.
create table transfers (
  id uuid primary key,
  ticket_id uuid not null references tickets (id),
  state text not null default 'offered'
    check (state in ('offered', 'accepted', 'declined', 'withdrawn', 'lapsed')),
  from_name text check (length(from_name) <= 200),
  from_email text check (length(from_email) <= 254),
  to_name text check (length(to_name) between 1 and 200),
  to_email text check (length(to_email) between 3 and 254),
  idempotency_key uuid not null unique,
  request_hash text not null check (length(request_hash) = 64),
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  check ((state = 'offered') = (ended_at is null))
);
create unique index transfers_one_open on transfers (ticket_id) where state = 'offered';
create index transfers_ticket on transfers (ticket_id);

-- Since when somebody else than the buyer holds it: their order shows its code no more.
alter table tickets add column transferred_at timestamptz;

alter table emails
  drop constraint emails_kind_check,
  add constraint emails_kind_check check (kind in
    ('order_confirmation', 'refund_requested', 'refund_made', 'refund_failed', 'event_cancelled',
     'payment_too_late', 'dispute_opened', 'wallet_credit', 'transfer_offered', 'transfer_accepted',
     'ticket_received')),
  add column transfer_id uuid references transfers (id),
  add constraint emails_name_their_transfer check (
    (kind in ('transfer_offered', 'transfer_accepted', 'ticket_received')) = (transfer_id is not null));
