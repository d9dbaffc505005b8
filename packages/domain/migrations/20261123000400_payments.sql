-- One Stripe Checkout session asked for, written before the call with everything that is sent, so
-- that a repeated call sends the same. 'creating' has no answer yet; leased_until is how long the
-- request that asks may take before another one carries on for it.
create table checkout_attempts (
  id uuid primary key,
  order_id uuid not null,
  stripe_account text check (length(stripe_account) <= 255),
  livemode boolean not null,
  state text not null default 'creating'
    check (state in ('creating', 'open', 'completed', 'paid', 'expired', 'failed', 'superseded')),
  expected_amount_cents bigint not null check (expected_amount_cents > 0),
  currency text not null,
  parameters jsonb not null,
  expires_at timestamptz not null,
  session_id text unique check (length(session_id) <= 255),
  url text check (length(url) <= 5000),
  created_at timestamptz not null default now(),
  leased_until timestamptz not null default now() + interval '30 seconds',
  closed_at timestamptz,
  next_check_at timestamptz not null default now() + interval '2 minutes',
  checks integer not null default 0,
  foreign key (order_id, currency) references orders (id, currency),
  check ((state in ('open', 'completed', 'paid')) <= (session_id is not null)),
  check ((state in ('creating', 'open', 'completed')) = (closed_at is null))
);
create unique index checkout_attempts_one_open on checkout_attempts (order_id)
  where state in ('creating', 'open', 'completed');
create index checkout_attempts_order on checkout_attempts (order_id);
create index checkout_attempts_to_check on checkout_attempts (next_check_at)
  where state in ('creating', 'open', 'completed');

-- Money that arrived, one row a PaymentIntent (or wallet payment, or free order), and what it was
-- decided to become. amount and currency are what the provider reports, whatever we expected.
create table payments (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  order_id uuid not null references orders (id),
  attempt_id uuid references checkout_attempts (id),
  provider text not null check (provider in ('stripe', 'wallet', 'free')),
  stripe_account text check (length(stripe_account) <= 255),
  provider_id text not null check (length(provider_id) between 1 and 255),
  session_id text check (length(session_id) <= 255),
  charge_id text check (length(charge_id) <= 255),
  livemode boolean not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  fee_cents bigint,
  net_cents bigint,
  disposition text not null check (disposition in ('tickets', 'refund', 'review')),
  disposition_reason text not null check (length(disposition_reason) between 1 and 100),
  refunded_cents bigint not null default 0 check (refunded_cents >= 0),
  refund_open_cents bigint not null default 0 check (refund_open_cents >= 0),
  created_at timestamptz not null default now()
);
create unique index payments_provider on payments (provider, coalesce(stripe_account, ''), provider_id);
create unique index payments_one_for_tickets on payments (order_id) where disposition = 'tickets';
create index payments_order on payments (order_id);

-- Money owed back. A row before it is a call.
create table refunds (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  payment_id uuid not null references payments (id),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  reason text not null check (length(reason) between 1 and 100),
  status text not null default 'requested'
    check (status in ('requested', 'submitted', 'succeeded', 'failed', 'cancelled')),
  stripe_refund_id text unique check (length(stripe_refund_id) <= 255),
  created_at timestamptz not null default now()
);
create unique index refunds_one_whole on refunds (payment_id) where reason like 'disposition.%';
