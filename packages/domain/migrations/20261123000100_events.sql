-- What is sold. One currency an event; a time slot of a series is an event of its own. A closed
-- event sells no more; a cancelled one owes its money back.
create table events (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  title text not null check (length(title) between 1 and 200),
  venue text not null check (length(venue) between 1 and 200),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  timezone text not null check (length(timezone) between 1 and 64),
  locale text not null default 'en' check (length(locale) between 2 and 35),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  prices_include_tax boolean not null default true,
  sales_start_at timestamptz,
  sales_end_at timestamptz,
  hold_minutes integer not null default 15 check (hold_minutes between 1 and 120),
  max_per_order integer not null default 20 check (max_per_order between 1 and 500),
  max_per_buyer integer check (max_per_buyer > 0),
  refund_policy jsonb not null default '{}',
  transfer_policy jsonb not null default '{}',
  series_id uuid,
  status text not null default 'draft' check (status in ('draft', 'on_sale', 'closed', 'cancelled')),
  created_at timestamptz not null default now(),
  unique (id, organization_id),
  unique (id, currency),
  check (ends_at > starts_at),
  check (sales_end_at is null or sales_start_at is null or sales_end_at > sales_start_at)
);
create index events_organization on events (organization_id);

-- Serials are sequential per event; this row is the lock that hands them out.
create table event_counters (
  event_id uuid primary key references events (id),
  next_serial integer not null default 1 check (next_serial >= 1)
);

-- A price class. reserved counts active holds, issued counts tickets that hold a seat; triggers
-- keep both, and the last check is what makes overselling impossible.
create table ticket_tiers (
  id uuid primary key,
  event_id uuid not null references events (id),
  name text not null check (length(name) between 1 and 100),
  position integer not null default 0,
  price_cents bigint not null check (price_cents between 0 and 99999999),
  capacity integer not null check (capacity between 0 and 10000000),
  reserved_quantity integer not null default 0,
  issued_quantity integer not null default 0,
  sales_start_at timestamptz,
  sales_end_at timestamptz,
  min_per_order integer not null default 1 check (min_per_order >= 1),
  max_per_order integer not null default 20 check (max_per_order <= 500),
  closed_at timestamptz,
  unique (event_id, name),
  unique (id, event_id),
  check (max_per_order >= min_per_order),
  constraint ticket_tiers_never_oversold check (
    reserved_quantity >= 0 and issued_quantity >= 0
    and reserved_quantity + issued_quantity <= capacity
  )
) with (fillfactor = 50);

-- A limit that several tiers share: the room.
create table capacity_pools (
  id uuid primary key,
  event_id uuid not null references events (id),
  name text not null check (length(name) between 1 and 100),
  capacity integer not null check (capacity between 0 and 10000000),
  reserved_quantity integer not null default 0,
  issued_quantity integer not null default 0,
  unique (event_id, name),
  unique (id, event_id),
  constraint capacity_pools_never_oversold check (
    reserved_quantity >= 0 and issued_quantity >= 0
    and reserved_quantity + issued_quantity <= capacity
  )
) with (fillfactor = 50);

-- Which tiers draw on which pools. Fixed after the event's first hold, since counters rely on it.
create table pool_tiers (
  pool_id uuid not null,
  tier_id uuid not null,
  event_id uuid not null,
  primary key (pool_id, tier_id),
  foreign key (pool_id, event_id) references capacity_pools (id, event_id),
  foreign key (tier_id, event_id) references ticket_tiers (id, event_id)
);
create index pool_tiers_tier on pool_tiers (tier_id);
