-- What a refund is of: a whole order, chosen tickets, an amount without tickets, a payment that
-- became no tickets (disposition), or one that somebody made at Stripe without us (external).
alter table payments add unique (id, order_id, currency);
alter table refunds
  add column order_id uuid,
  add column kind text not null default 'disposition'
    check (kind in ('whole', 'tickets', 'amount', 'disposition', 'external')),
  -- The request that made it: the same key brings the same refund.
  add column idempotency_key uuid unique,
  add column request_hash text check (length(request_hash) <= 64),
  -- Names the key at Stripe: raised when the amount changes or the key has lived its day.
  add column attempt integer not null default 1 check (attempt >= 1),
  add column first_called_at timestamptz,
  add column failure text check (length(failure) between 1 and 500),
  add column ended_at timestamptz,
  -- Of a failed one: when its money was requested anew.
  add column replaced_at timestamptz;
update refunds r set order_id = p.order_id from payments p where p.id = r.payment_id;
alter table refunds
  alter column order_id set not null,
  alter column kind drop default,
  drop constraint refunds_amount_cents_check,
  add check (amount_cents >= 0),
  add foreign key (payment_id, order_id, currency) references payments (id, order_id, currency),
  add check ((status in ('succeeded', 'failed', 'cancelled')) = (ended_at is not null));
create index refunds_payment on refunds (payment_id);
create index refunds_order on refunds (order_id);

-- Which tickets a refund is of, and how much of it is theirs. A ticket is in one refund at a time.
create table refund_items (
  refund_id uuid not null references refunds (id),
  ticket_id uuid not null references tickets (id),
  amount_cents bigint not null check (amount_cents >= 0),
  active boolean not null default true,
  primary key (refund_id, ticket_id)
);
create unique index refund_items_one_active on refund_items (ticket_id) where active;

-- Stripe's refunds as Stripe has them, also of payments that we have not heard of yet. refund_id is
-- what their metadata say, whatever that is.
create table stripe_refunds (
  id text primary key check (length(id) between 1 and 255),
  payment_intent_id text not null check (length(payment_intent_id) between 1 and 255),
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  status text not null check (length(status) <= 50),
  refund_id text check (length(refund_id) <= 500),
  failure_reason text check (length(failure_reason) <= 500),
  created_at timestamptz not null,
  read_at timestamptz not null default clock_timestamp()
);
create index stripe_refunds_payment_intent on stripe_refunds (payment_intent_id);
