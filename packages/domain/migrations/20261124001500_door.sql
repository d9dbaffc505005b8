-- When doors open, and whether who has left may come back.
alter table events
  add column doors_open_minutes integer not null default 720 check (doors_open_minutes between 0 and 10080),
  add column allows_reentry boolean not null default false;

-- A device at a gate of one event. Of its key only a hash is kept. tier_ids: which tiers this gate
-- lets in, all when empty.
create table door_devices (
  id uuid primary key,
  organization_id uuid not null,
  event_id uuid not null,
  gate text not null check (length(gate) between 1 and 50),
  label text not null check (length(label) between 1 and 100),
  role text not null check (role in ('scanner', 'supervisor')),
  tier_ids uuid[] not null default '{}',
  key_hash text not null unique check (length(key_hash) = 64),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  foreign key (event_id, organization_id) references events (id, organization_id)
);
create index door_devices_event on door_devices (event_id);

-- Every scan with its outcome. An admission is open until its person leaves or it is undone; a ticket
-- has one open admission at most, whatever gates and devices do at once.
create table check_ins (
  id uuid primary key,
  event_id uuid not null references events (id),
  device_id uuid not null references door_devices (id),
  gate text not null,
  nonce uuid not null unique,
  request_hash text not null check (length(request_hash) = 64),
  ticket_id uuid references tickets (id),
  direction text not null check (direction in ('in', 'out')),
  outcome text not null check (length(outcome) <= 30),
  -- By the device's clock, which may be wrong; `at` is ours, taken after the ticket's lock.
  scanned_at timestamptz,
  at timestamptz not null default clock_timestamp(),
  left_at timestamptz,
  undone_at timestamptz,
  undone_by uuid references door_devices (id),
  check (outcome <> 'admitted' or ticket_id is not null)
);
create unique index check_ins_one_inside on check_ins (ticket_id)
  where outcome = 'admitted' and left_at is null and undone_at is null;
create index check_ins_ticket on check_ins (ticket_id);
create index check_ins_event on check_ins (event_id, gate);

-- When its person first came in: from then on the ticket is used, and its seat taken.
alter table tickets add column admitted_at timestamptz;
