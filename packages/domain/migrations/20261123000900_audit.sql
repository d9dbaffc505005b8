-- Who did what. Rows are appended in the transaction of the act and chained afterwards: hash is
-- the only column that is ever set later, and only once.
create table audit_log (
  id bigint generated always as identity primary key,
  organization_id uuid references organizations (id),
  at timestamptz not null default clock_timestamp(),
  actor_type text not null check (actor_type in ('api_key', 'buyer', 'system')),
  actor_id text not null check (length(actor_id) <= 255),
  action text not null check (length(action) <= 100),
  object_type text not null check (length(object_type) <= 50),
  object_id text not null check (length(object_id) <= 255),
  facts jsonb not null default '{}',
  hash text check (length(hash) = 64)
);
create index audit_log_object on audit_log (object_type, object_id);
create index audit_log_unsealed on audit_log (id) where hash is null;

create function audit_log_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.hash is null
     and to_jsonb(new) - 'hash' = to_jsonb(old) - 'hash' then
    return new;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'check_violation';
end
$$;
create trigger audit_log_guard before update or delete on audit_log
  for each row execute function audit_log_guard();

-- Readable values of an audit row, apart from it so that a person can be erased without breaking
-- the chain.
create table audit_details (
  audit_id bigint primary key references audit_log (id),
  details jsonb not null
);
