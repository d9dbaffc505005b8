-- The chain. A row is sealed after its transaction committed, in an order of its own: a transaction
-- that ends late must not have to squeeze in before rows that are sealed already.
alter table audit_log drop constraint audit_log_actor_type_check;
alter table audit_log
  add constraint audit_log_actor_type_check
    check (actor_type in ('api_key', 'user', 'buyer', 'system')),
  add column chain_no bigint unique,
  add check ((chain_no is null) = (hash is null));

-- What a seal is over: every column but the seal, each preceded by its length, so that no two rows
-- read the same.
create function audit_line(entry audit_log) returns text language sql immutable as $$
  select string_agg(length(part) || ':' || part, ';' order by place)
    from unnest(array[
           entry.id::text, coalesce(entry.organization_id::text, ''),
           (extract(epoch from entry.at) * 1000000)::bigint::text, entry.actor_type,
           entry.actor_id, entry.action, entry.object_type, entry.object_id, entry.facts::text
         ]) with ordinality as parts (part, place)
$$;

create function audit_hash(before text, entry audit_log) returns text language sql immutable as $$
  select encode(sha256(convert_to(coalesce(before, '') || E'\n' || audit_line(entry), 'UTF8')), 'hex')
$$;

create or replace function audit_log_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.hash is null and new.hash is not null
     and to_jsonb(new) - 'hash' - 'chain_no' = to_jsonb(old) - 'hash' - 'chain_no' then
    return new;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'check_violation';
end
$$;

-- Seals at most so many rows, oldest first, and says how many. One sealer at a time.
create function seal_audit(most integer) returns integer language plpgsql as $$
declare
  entry audit_log;
  last_no bigint;
  last_hash text;
  sealed integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('liventix/seal_audit'));
  select chain_no, hash into last_no, last_hash
    from audit_log where chain_no is not null order by chain_no desc limit 1;
  for entry in select * from audit_log where hash is null order by id limit most loop
    last_no := coalesce(last_no, 0) + 1;
    last_hash := audit_hash(last_hash, entry);
    update audit_log set chain_no = last_no, hash = last_hash where id = entry.id;
    sealed := sealed + 1;
  end loop;
  return sealed;
end
$$;
