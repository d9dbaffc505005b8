-- Which processes live, and what each last said of itself. A service that was here within a day and says
-- nothing any more is missed.
create table heartbeats (
  service text not null check (length(service) <= 50),
  instance text not null check (length(instance) <= 100),
  at timestamptz not null,
  facts jsonb not null default '{}',
  primary key (service, instance)
);

-- What processes counted, by minute: so that one machine is watched without anything that scrapes.
create table signal_counts (
  kind text not null check (length(kind) <= 100),
  minute timestamptz not null,
  count bigint not null check (count >= 0),
  primary key (kind, minute)
);
create index signal_counts_minute on signal_counts (minute);

-- What is wrong now, and was. One row that has not cleared for each key; `told` is the state that people
-- have heard of, so that who dies between two is carried on by the next.
create table alerts (
  id uuid primary key,
  key text not null check (length(key) <= 200),
  name text not null check (length(name) <= 100),
  severity text not null check (severity in ('page', 'ticket')),
  summary text not null check (length(summary) <= 1000),
  runbook text not null check (length(runbook) <= 200),
  state text not null check (state in ('pending', 'firing', 'cleared')),
  bad_since timestamptz not null,
  bad_at timestamptz not null,
  fired_at timestamptz,
  cleared_at timestamptz,
  told text not null default 'nothing' check (told in ('nothing', 'firing', 'cleared')),
  told_at timestamptz,
  check ((state = 'pending') = (fired_at is null)),
  check ((state = 'cleared') = (cleared_at is not null))
);
create unique index alerts_one_open on alerts (key) where state <> 'cleared';
create index alerts_untold on alerts (fired_at) where told <> state and state <> 'pending';
create index alerts_cleared on alerts (cleared_at) where state = 'cleared';

-- One row: when somebody last looked, and what Redis was then.
create table watch_state (
  only_one boolean primary key default true check (only_one),
  looked_at timestamptz not null default '-infinity',
  redis_mark text,
  redis_lost_at timestamptz
);
insert into watch_state default values;

create index stripe_events_polled on stripe_events (received_at) where source = 'poll';
