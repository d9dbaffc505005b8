-- What happened to money, once each: cause names the fact, and a second telling of it is refused.
-- Platform-wide facts, as a payout of Stripe's, have no organization.
create table ledger_transactions (
  id uuid primary key,
  organization_id uuid references organizations (id),
  event_id uuid references events (id),
  order_id uuid references orders (id),
  kind text not null check (length(kind) between 1 and 50),
  cause text not null unique check (length(cause) between 1 and 300),
  at timestamptz not null default clock_timestamp(),
  check (order_id is null or (organization_id is not null and event_id is not null))
);
create index ledger_transactions_order on ledger_transactions (order_id) where order_id is not null;
create index ledger_transactions_event on ledger_transactions (event_id) where event_id is not null;
create index ledger_transactions_organization on ledger_transactions (organization_id, at);

-- Double entry in minor units: debits above zero, credits below. docs/ledger.md explains the
-- accounts, and `accounts` in packages/domain/src/ledger/ledger.ts is the same list.
create table ledger_entries (
  transaction_id uuid not null references ledger_transactions (id),
  position smallint not null check (position between 0 and 31),
  account text not null check (account in (
    'stripe_balance', 'bank', 'ticket_sales', 'cancellation_fees', 'goodwill', 'owed_to_buyers',
    'in_review', 'stripe_fees', 'dispute_fees', 'disputed', 'dispute_losses', 'wallet_credit',
    'wallet_escrow', 'wallet_grants', 'organization_credits', 'currency_exchange', 'write_offs',
    'stripe_other'
  )),
  amount_cents bigint not null check (amount_cents <> 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  primary key (transaction_id, position)
);

-- A transaction's entries come in one statement and sum to zero in each currency when it ends: no
-- moment exists at which they do not, so the check waits for no commit.
create function ledger_entries_sum_to_zero() returns trigger language plpgsql
  set plan_cache_mode = force_custom_plan as $$
begin
  if exists (select 1
               from ledger_entries e
              where e.transaction_id in (select transaction_id from added)
              group by e.transaction_id, e.currency
             having sum(e.amount_cents) <> 0) then
    raise exception 'a ledger transaction does not sum to zero' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create trigger ledger_entries_sum_to_zero after insert on ledger_entries
  referencing new table as added
  for each statement execute function ledger_entries_sum_to_zero();

-- Nothing is ever corrected in place: a mistake is another transaction.
create trigger ledger_transactions_kept before update or delete on ledger_transactions
  for each statement execute function refuse_change();
create trigger ledger_entries_kept before update or delete on ledger_entries
  for each statement execute function refuse_change();
create trigger ledger_transactions_not_emptied before truncate on ledger_transactions
  for each statement execute function refuse_change();
create trigger ledger_entries_not_emptied before truncate on ledger_entries
  for each statement execute function refuse_change();
