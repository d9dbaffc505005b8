-- A tier that is neither shown nor sold without an access code.
alter table ticket_tiers add column is_hidden boolean not null default false;

-- A discount for who knows the code, off the lines of its tiers or, when it names none, of all.
-- used counts the orders that have it now; taken_late are those among them whose money came after
-- the order had expired. They are counted whatever the limit says, so the check is about the others:
-- a limit binds what we decide, not what Stripe reports.
create table promo_codes (
  id uuid primary key,
  organization_id uuid not null,
  event_id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$'),
  percent integer check (percent between 1 and 100),
  amount_cents bigint check (amount_cents between 1 and 99999999),
  starts_at timestamptz,
  ends_at timestamptz,
  max_redemptions integer check (max_redemptions > 0),
  max_per_buyer integer check (max_per_buyer > 0),
  used integer not null default 0,
  taken_late integer not null default 0,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  unique (id, event_id),
  foreign key (event_id, organization_id) references events (id, organization_id),
  check (num_nonnulls(percent, amount_cents) = 1),
  check (ends_at > starts_at),
  constraint promo_codes_never_exceeded check (
    used >= 0 and taken_late between 0 and used
    and (max_redemptions is null or used - taken_late <= max_redemptions)
  )
) with (fillfactor = 50);
create unique index promo_codes_code on promo_codes (event_id, lower(code));

create table promo_code_tiers (
  promo_code_id uuid not null,
  tier_id uuid not null,
  event_id uuid not null,
  primary key (promo_code_id, tier_id),
  foreign key (promo_code_id, event_id) references promo_codes (id, event_id),
  foreign key (tier_id, event_id) references ticket_tiers (id, event_id)
);

-- Which order has which code. Reserved while it waits for its money, kept once it is paid, given
-- back when it ends unpaid, changes its code, or is refunded. A state that is left is never entered
-- again, so each counter moves once for each row.
create table promo_redemptions (
  id uuid primary key,
  promo_code_id uuid not null,
  order_id uuid not null,
  event_id uuid not null,
  state text not null check (state in ('reserved', 'kept', 'given_back')),
  is_late boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  foreign key (promo_code_id, event_id) references promo_codes (id, event_id),
  foreign key (order_id, event_id) references orders (id, event_id),
  check ((state = 'given_back') = (ended_at is not null))
);
create unique index promo_redemptions_one_active on promo_redemptions (order_id)
  where state in ('reserved', 'kept');
create index promo_redemptions_order on promo_redemptions (order_id);

-- Orders of one buyer that have a code now. buyer_key names a person: see orders.buyer_key.
create table promo_buyers (
  promo_code_id uuid not null references promo_codes (id),
  buyer_key text not null check (length(buyer_key) between 1 and 254),
  used integer not null check (used >= 0),
  primary key (promo_code_id, buyer_key)
);

-- Tickets of one buyer in pending and paid orders of an event, whether or not it has a limit: one
-- that is set during the sale counts what was sold before. buyer_key names a person.
create table buyer_limits (
  event_id uuid not null references events (id),
  buyer_key text not null check (length(buyer_key) between 1 and 254),
  tickets integer not null check (tickets >= 0),
  primary key (event_id, buyer_key)
) with (fillfactor = 50);

-- How many tickets of this order stand in buyer_limits: what giving back takes off, once.
alter table orders
  add column counted_tickets integer not null default 0 check (counted_tickets >= 0),
  add foreign key (promo_code_id, event_id) references promo_codes (id, event_id);

-- Shows hidden tiers to who knows it. used counts orders, as with promo codes.
create table access_codes (
  id uuid primary key,
  organization_id uuid not null,
  event_id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$'),
  starts_at timestamptz,
  ends_at timestamptz,
  max_uses integer check (max_uses > 0),
  used integer not null default 0,
  taken_late integer not null default 0,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  unique (id, event_id),
  foreign key (event_id, organization_id) references events (id, organization_id),
  check (ends_at > starts_at),
  constraint access_codes_never_exceeded check (
    used >= 0 and taken_late between 0 and used
    and (max_uses is null or used - taken_late <= max_uses)
  )
) with (fillfactor = 50);
create unique index access_codes_code on access_codes (event_id, lower(code));

create table access_code_tiers (
  access_code_id uuid not null,
  tier_id uuid not null,
  event_id uuid not null,
  primary key (access_code_id, tier_id),
  foreign key (access_code_id, event_id) references access_codes (id, event_id),
  foreign key (tier_id, event_id) references ticket_tiers (id, event_id)
);

-- A hold of hidden tiers, and the code that showed them. It counts from the moment the hold becomes
-- an order: a hold that is merely tried must not use a code up.
create table access_code_uses (
  hold_id uuid primary key references ticket_holds (id),
  access_code_id uuid not null references access_codes (id),
  order_id uuid unique references orders (id),
  state text not null default 'held' check (state in ('held', 'reserved', 'kept', 'given_back')),
  is_late boolean not null default false,
  check ((state = 'held') = (order_id is null))
);
