-- Facts from Stripe, stored once by the provider's own id before anything is done about them.
create table stripe_events (
  id text primary key check (length(id) <= 255),
  type text not null check (length(type) <= 100),
  api_version text check (length(api_version) <= 50),
  livemode boolean not null,
  stripe_account text check (length(stripe_account) <= 255),
  source text not null check (source in ('webhook', 'poll')),
  payload jsonb not null,
  created_at timestamptz not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  error text check (length(error) <= 2000)
);
create index stripe_events_open on stripe_events (received_at) where processed_at is null;
create index stripe_events_received on stripe_events (received_at);

-- Facts from Resend, by the delivery's svix-id.
create table resend_events (
  id text primary key check (length(id) <= 255),
  type text not null check (length(type) <= 100),
  payload jsonb not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  error text check (length(error) <= 2000)
);
create index resend_events_received on resend_events (received_at);

-- How far each account's event list was read. The newest event seen, by Stripe's order.
create table stripe_cursors (
  account text primary key check (length(account) <= 255),
  last_event_id text check (length(last_event_id) <= 255),
  last_created_at timestamptz,
  updated_at timestamptz not null default now()
);
