-- Backups that were taken, and those that failed: who watches sees how old the last one is, wherever its
-- files are. A row a backup, so never many.
create table backups (
  id uuid primary key,
  kind text not null check (kind in ('base', 'dump')),
  at timestamptz not null default clock_timestamp(),
  bytes bigint check (bytes >= 0),
  error text check (length(error) <= 1000),
  -- How soon another is meant to follow.
  every_seconds integer check (every_seconds > 0),
  check ((error is null) = (bytes is not null))
);
create index backups_at on backups (at);

-- Of an entry only the sentence that staff wrote is ever changed, and only to the word that says that
-- it was erased: amounts and what they are of stay.
create function wallet_entries_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.reason = 'erased'
     and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then
    return new;
  end if;
  raise exception '% of % is not allowed', lower(tg_op), tg_table_name
    using errcode = 'check_violation';
end
$$;
drop trigger wallet_entries_kept on wallet_entries;
create trigger wallet_entries_kept before update or delete on wallet_entries
  for each row execute function wallet_entries_guard();
create index wallet_entries_order on wallet_entries (order_id) where order_id is not null;
