-- Keys that sign an event's codes (Ed25519). One is in use at a time; a retired one signs no more, and
-- what it signed stays good. The private part is sealed by a master key that the database never sees.
create table event_keys (
  event_id uuid not null references events (id),
  kid smallint not null check (kid >= 1),
  public_key bytea not null check (octet_length(public_key) = 32),
  sealed_private_key text not null check (length(sealed_private_key) <= 500),
  created_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz,
  primary key (event_id, kid)
);
create unique index event_keys_one_in_use on event_keys (event_id) where retired_at is null;

-- The signature of a ticket's code as it is now: raising credential_version replaces it, so that the
-- code before it opens nothing. Tickets from before there were keys have none, and get one when they
-- are asked for.
alter table tickets
  add column credential_kid smallint,
  add column credential_signature bytea check (octet_length(credential_signature) = 64),
  add check ((credential_kid is null) = (credential_signature is null));
