-- One admitted person. holds_seat is what the counters count; it changes only with the status.
create table tickets (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  event_id uuid not null,
  order_id uuid not null,
  order_item_id uuid not null,
  tier_id uuid not null,
  seq integer not null check (seq between 1 and 500),
  serial integer not null check (serial >= 1),
  status text not null default 'valid' check (status in ('valid', 'suspended', 'refunded', 'void')),
  holds_seat boolean not null default true,
  holder_name text check (length(holder_name) between 1 and 200),
  holder_email text check (length(holder_email) between 3 and 254),
  credential_version integer not null default 1 check (credential_version >= 1),
  token_version integer not null default 1 check (token_version >= 1),
  seat_label text check (length(seat_label) between 1 and 50),
  issued_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (order_item_id, seq),
  unique (event_id, serial),
  foreign key (event_id, organization_id) references events (id, organization_id),
  foreign key (order_id, event_id) references orders (id, event_id),
  foreign key (order_item_id, tier_id, order_id) references order_items (id, tier_id, order_id),
  check (status in ('refunded', 'void') or holds_seat),
  check ((status in ('refunded', 'void')) = (ended_at is not null))
);
create index tickets_order on tickets (order_id);
create unique index tickets_seat on tickets (event_id, seat_label) where holds_seat;

-- The issued counterpart of shift_reserved: same order of locks, same bounds.
create function shift_issued(tiers uuid[], deltas bigint[]) returns void language plpgsql as $$
begin
  perform 1 from ticket_tiers where id = any (tiers) order by id for no key update;
  update ticket_tiers t
     set issued_quantity = t.issued_quantity + d.delta
    from unnest(tiers, deltas) as d (tier_id, delta)
   where t.id = d.tier_id and d.delta <> 0;
  perform 1
     from capacity_pools p
    where p.id in (select pool_id from pool_tiers where tier_id = any (tiers))
    order by p.id
      for no key update;
  update capacity_pools p
     set issued_quantity = p.issued_quantity + s.delta
    from (select m.pool_id, sum(d.delta) as delta
            from unnest(tiers, deltas) as d (tier_id, delta)
            join pool_tiers m on m.tier_id = d.tier_id
           group by m.pool_id) s
   where p.id = s.pool_id and s.delta <> 0;
end
$$;

create function tickets_inserted() returns trigger language plpgsql as $$
declare
  tiers uuid[];
  deltas bigint[];
begin
  select array_agg(tier_id), array_agg(n) into tiers, deltas
    from (select tier_id, count(*) as n from added where holds_seat group by tier_id) s;
  if tiers is not null then
    perform shift_issued(tiers, deltas);
  end if;
  return null;
end
$$;
create trigger tickets_inserted after insert on tickets
  referencing new table as added
  for each statement execute function tickets_inserted();

create function tickets_updated() returns trigger language plpgsql as $$
declare
  tiers uuid[];
  deltas bigint[];
begin
  select array_agg(tier_id), array_agg(n) into tiers, deltas
    from (select n.tier_id, sum(n.holds_seat::int - o.holds_seat::int) as n
            from was o join became n using (id)
           where n.holds_seat <> o.holds_seat
           group by n.tier_id) s;
  if tiers is not null then
    perform shift_issued(tiers, deltas);
  end if;
  return null;
end
$$;
create trigger tickets_updated after update on tickets
  referencing old table as was new table as became
  for each statement execute function tickets_updated();
create trigger tickets_kept before delete on tickets
  for each statement execute function refuse_change();
