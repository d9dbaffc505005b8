-- Stripe's disputes as Stripe has them, and what we did about each. A dispute may come before its
-- payment is settled: then it is known by its PaymentIntent alone, and settling asks for it.
create table disputes (
  id text primary key check (length(id) between 1 and 255),
  payment_intent_id text not null check (length(payment_intent_id) between 1 and 255),
  charge_id text check (length(charge_id) <= 255),
  payment_id uuid references payments (id),
  order_id uuid references orders (id),
  organization_id uuid references organizations (id),
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  status text not null check (length(status) <= 50),
  phase text not null check (phase in ('inquiry', 'open', 'won', 'lost')),
  reason text not null check (length(reason) <= 100),
  due_by timestamptz,
  -- Taken by Stripe and not brought back.
  withdrawn_cents bigint not null default 0 check (withdrawn_cents >= 0),
  -- How often it moved money: a read that knows of fewer is older.
  movements integer not null default 0,
  created_at timestamptz not null,
  read_at timestamptz not null default clock_timestamp(),
  -- A part of the money was lost, and a person said which tickets end with it.
  allotted_at timestamptz,
  check ((payment_id is null) = (order_id is null)),
  check ((payment_id is null) = (organization_id is null))
);
create index disputes_payment_intent on disputes (payment_intent_id);
create index disputes_order on disputes (order_id) where order_id is not null;
create index disputes_open on disputes (organization_id, due_by) where phase in ('inquiry', 'open');
