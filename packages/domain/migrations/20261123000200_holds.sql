-- A basket with a deadline. A paid order's hold is pinned with expires_at = 'infinity'. order_id is
-- set when it goes to checkout: a column of this row, so that a sweep that waited for the row's lock
-- judges it anew (a subquery on orders would still answer from before the wait).
-- release_requested_at: the buyer gave it back while a payment page was open, so the page must be
-- closed first.
create table ticket_holds (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  event_id uuid not null,
  status text not null default 'active'
    check (status in ('active', 'converted', 'released', 'expired')),
  expires_at timestamptz not null,
  order_id uuid unique,
  deadline_extended_at timestamptz,
  release_requested_at timestamptz,
  token_version integer not null default 1 check (token_version >= 1),
  idempotency_key uuid unique,
  request_hash text check (length(request_hash) = 64),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (id, event_id),
  foreign key (event_id, organization_id) references events (id, organization_id),
  check ((status = 'active') = (ended_at is null)),
  check ((idempotency_key is null) = (request_hash is null))
);
create index ticket_holds_due on ticket_holds (expires_at) where status = 'active';
create index ticket_holds_given_back on ticket_holds (id)
  where status = 'active' and release_requested_at is not null;

-- Lines of a hold, with the price the buyer was shown.
create table hold_items (
  hold_id uuid not null,
  tier_id uuid not null,
  event_id uuid not null,
  quantity integer not null check (quantity between 1 and 500),
  unit_price_cents bigint not null check (unit_price_cents between 0 and 99999999),
  primary key (hold_id, tier_id),
  foreign key (hold_id, event_id) references ticket_holds (id, event_id),
  foreign key (tier_id, event_id) references ticket_tiers (id, event_id)
);
create index hold_items_tier on hold_items (tier_id);

-- Adds deltas to the reserved counters of tiers and of the pools they draw on.
-- Takes two arrays of equal length. Locks tiers, then pools, each by id: without a fixed order
-- statements that touch several tiers deadlock. Raises when a counter would leave its bounds.
create function shift_reserved(tiers uuid[], deltas bigint[]) returns void language plpgsql as $$
begin
  perform 1 from ticket_tiers where id = any (tiers) order by id for no key update;
  update ticket_tiers t
     set reserved_quantity = t.reserved_quantity + d.delta
    from unnest(tiers, deltas) as d (tier_id, delta)
   where t.id = d.tier_id and d.delta <> 0;
  perform 1
     from capacity_pools p
    where p.id in (select pool_id from pool_tiers where tier_id = any (tiers))
    order by p.id
      for no key update;
  update capacity_pools p
     set reserved_quantity = p.reserved_quantity + s.delta
    from (select m.pool_id, sum(d.delta) as delta
            from unnest(tiers, deltas) as d (tier_id, delta)
            join pool_tiers m on m.tier_id = d.tier_id
           group by m.pool_id) s
   where p.id = s.pool_id and s.delta <> 0;
end
$$;

create function hold_items_inserted() returns trigger language plpgsql as $$
declare
  tiers uuid[];
  deltas bigint[];
begin
  select array_agg(tier_id), array_agg(quantity) into tiers, deltas
    from (select i.tier_id, sum(i.quantity) as quantity
            from added i
            join ticket_holds h on h.id = i.hold_id and h.status = 'active'
           group by i.tier_id) s;
  if tiers is not null then
    perform shift_reserved(tiers, deltas);
  end if;
  return null;
end
$$;
create trigger hold_items_inserted after insert on hold_items
  referencing new table as added
  for each statement execute function hold_items_inserted();

-- A hold leaves 'active' once, and its seats leave the counters in the same statement.
create function ticket_holds_updated() returns trigger language plpgsql as $$
declare
  tiers uuid[];
  deltas bigint[];
begin
  if exists (select 1 from was o join became n using (id)
              where o.status <> 'active' and n.status <> o.status) then
    raise exception 'an ended hold stays as it ended' using errcode = 'check_violation';
  end if;
  select array_agg(tier_id), array_agg(-quantity) into tiers, deltas
    from (select i.tier_id, sum(i.quantity) as quantity
            from was o
            join became n using (id)
            join hold_items i on i.hold_id = n.id
           where o.status = 'active' and n.status <> 'active'
           group by i.tier_id) s;
  if tiers is not null then
    perform shift_reserved(tiers, deltas);
  end if;
  return null;
end
$$;
create trigger ticket_holds_updated after update on ticket_holds
  referencing old table as was new table as became
  for each statement execute function ticket_holds_updated();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is not allowed', lower(tg_op), tg_table_name
    using errcode = 'check_violation';
end
$$;
create trigger hold_items_fixed before update or delete on hold_items
  for each statement execute function refuse_change();
create trigger ticket_holds_kept before delete on ticket_holds
  for each statement execute function refuse_change();

create function pool_tiers_changed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from ticket_holds where event_id = coalesce(new.event_id, old.event_id)) then
    raise exception 'the tiers of a pool are fixed after the first hold'
      using errcode = 'check_violation';
  end if;
  return coalesce(new, old);
end
$$;
create trigger pool_tiers_changed before insert or update or delete on pool_tiers
  for each row execute function pool_tiers_changed();
