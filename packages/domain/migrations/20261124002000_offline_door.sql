-- Doors without a network: what a device decided by itself, and what has changed since it last asked.

-- The transaction that changed what the door knows of a ticket. With the oldest transaction still
-- running at the time of a read, nothing that commits later is missed: its number is not below that.
alter table tickets add column changed_in xid8;
alter table tickets alter column changed_in set default pg_current_xact_id();

create function stamp_ticket_change() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end
$$;
create trigger tickets_stamp_change before update on tickets
  for each row execute function stamp_ticket_change();

-- What a device decided without a network, told later; null of a scan that was decided here.
alter table check_ins add column decided_offline text check (length(decided_offline) <= 30);
create index check_ins_conflicts on check_ins (event_id)
  where decided_offline = 'admitted' and outcome <> 'admitted';
