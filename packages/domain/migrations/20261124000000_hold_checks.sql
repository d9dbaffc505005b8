-- Holds are written hundreds at a time, so what ties their rows together is checked once a
-- statement instead of once a row: four foreign keys cost 18 of the 40 microseconds of a hold
-- (ADR 0014). The same error is raised, and nothing a hold refers to is ever deleted.
alter table hold_items
  drop constraint hold_items_hold_id_event_id_fkey,
  drop constraint hold_items_tier_id_event_id_fkey;
alter table ticket_holds
  drop constraint ticket_holds_organization_id_fkey,
  drop constraint ticket_holds_event_id_organization_id_fkey;
-- Most holds have no order: they need no entry.
alter table ticket_holds drop constraint ticket_holds_order_id_key;
create unique index ticket_holds_order on ticket_holds (order_id) where order_id is not null;

-- Counters answer what a tier holds; the auditor recounts from active holds.
drop index hold_items_tier;

create trigger events_kept before delete on events
  for each statement execute function refuse_change();
create trigger ticket_tiers_kept before delete on ticket_tiers
  for each statement execute function refuse_change();

create function ticket_holds_inserted() returns trigger language plpgsql
  set plan_cache_mode = force_custom_plan as $$
begin
  if exists (select 1 from added h
               left join events e
                 on e.id = h.event_id and e.organization_id = h.organization_id
              where e.id is null) then
    raise exception 'a hold names an event that does not exist'
      using errcode = 'foreign_key_violation';
  end if;
  return null;
end
$$;
create trigger ticket_holds_inserted after insert on ticket_holds
  referencing new table as added
  for each statement execute function ticket_holds_inserted();

-- Plans are made anew for each statement. A plan that is kept is the one of the first call, made
-- when the table was empty: it read all holds for each new one.
create or replace function hold_items_inserted() returns trigger language plpgsql
  set plan_cache_mode = force_custom_plan as $$
declare
  tiers uuid[];
  deltas bigint[];
  checked bigint;
begin
  select array_agg(tier_id) filter (where reserved > 0),
         array_agg(reserved) filter (where reserved > 0),
         coalesce(sum(lines), 0)
    into tiers, deltas, checked
    from (select i.tier_id, count(*) as lines,
                 coalesce(sum(i.quantity) filter (where h.status = 'active'), 0) as reserved
            from added i
            join ticket_holds h on h.id = i.hold_id and h.event_id = i.event_id
            join ticket_tiers t on t.id = i.tier_id and t.event_id = i.event_id
           group by i.tier_id) s;
  if checked is distinct from (select count(*) from added) then
    raise exception 'a line names a hold or a tier that its event does not have'
      using errcode = 'foreign_key_violation';
  end if;
  if tiers is not null then
    perform shift_reserved(tiers, deltas);
  end if;
  return null;
end
$$;
alter function ticket_holds_updated() set plan_cache_mode = force_custom_plan;
alter function tickets_inserted() set plan_cache_mode = force_custom_plan;
alter function tickets_updated() set plan_cache_mode = force_custom_plan;

-- Locks tiers of an event, then the pools they draw on, each by id: the one lock order, in one round
-- trip. It reads nothing: a locking statement answers joined rows from before its wait.
create function lock_inventory(event uuid, tiers uuid[]) returns void language plpgsql as $$
begin
  perform 1 from ticket_tiers where event_id = event and id = any (tiers)
    order by id for no key update;
  perform 1
     from capacity_pools
    where event_id = event and id in (select pool_id from pool_tiers where tier_id = any (tiers))
    order by id
      for no key update;
end
$$;
