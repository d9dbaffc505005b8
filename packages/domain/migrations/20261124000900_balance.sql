-- Every movement of the balance at Stripe, as Stripe lists it: amount is what its source is of, fee
-- what Stripe kept, net the two together. booked_at: its fee, or all of it, is in the ledger.
create table stripe_balance_transactions (
  id text primary key check (length(id) between 1 and 255),
  type text not null check (length(type) <= 100),
  category text not null check (length(category) <= 100),
  amount_cents bigint not null,
  fee_cents bigint not null,
  currency text not null check (currency ~ '^[a-z]{3}$'),
  source_id text check (length(source_id) <= 255),
  payment_intent_id text check (length(payment_intent_id) <= 255),
  payout_id text check (length(payout_id) <= 255),
  created_at timestamptz not null,
  available_on timestamptz not null,
  read_at timestamptz not null default clock_timestamp(),
  booked_at timestamptz
);
create index stripe_balance_transactions_unbooked on stripe_balance_transactions (created_at)
  where booked_at is null;
create index stripe_balance_transactions_payout on stripe_balance_transactions (payout_id)
  where payout_id is not null;
create index stripe_balance_transactions_payment_intent
  on stripe_balance_transactions (payment_intent_id) where payment_intent_id is not null;
create index stripe_balance_transactions_source on stripe_balance_transactions (source_id);
