-- Whose people look after the machine: queues and alerts are of all organizations together.
alter table organizations add column operates boolean not null default false;
create unique index organizations_one_operates on organizations (operates) where operates;
update organizations set operates = true
 where id = (select id from organizations order by created_at, id limit 1);

-- People of an organization who may log in to operations. An address is of one person in an
-- organization; the same address elsewhere is another account, which nobody here has power over.
create table users (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('owner', 'support', 'finance', 'door', 'read_only')),
  -- Argon2id in the PHC string format; null until the person chose one.
  password_hash text check (length(password_hash) <= 255),
  -- Sealed by a master key that the database never sees; in force once it was confirmed.
  totp_secret text check (length(totp_secret) <= 500),
  totp_confirmed_at timestamptz,
  -- The last time step whose code was taken: none is taken twice (RFC 6238, 5.2).
  totp_last_step bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz,
  check (totp_confirmed_at is null or totp_secret is not null)
);
create unique index users_address on users (organization_id, email) where removed_at is null;
create index users_email on users (email) where removed_at is null;

-- Only the SHA-256 of what the browser holds. A session that waits for the second factor opens nothing.
create table user_sessions (
  id uuid primary key,
  user_id uuid not null references users (id),
  token_hash text not null unique check (length(token_hash) = 64),
  awaits_code boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index user_sessions_user on user_sessions (user_id) where ended_at is null;
create index user_sessions_expired on user_sessions (expires_at);

-- Ways in that work once: to choose a password, or a login that the operator of the machine made.
create table login_links (
  token_hash text primary key check (length(token_hash) = 64),
  user_id uuid not null references users (id),
  purpose text not null check (purpose in ('password', 'login')),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index login_links_user on login_links (user_id);

-- Tries to log in that did not succeed, by what they have in common: hashes of addresses, no addresses.
create table login_tries (
  subject text primary key check (length(subject) = 64),
  failures integer not null check (failures >= 0),
  blocked_until timestamptz not null,
  tried_at timestamptz not null
);
create index login_tries_tried on login_tries (tried_at);

alter table api_keys drop constraint api_keys_role_check;
alter table api_keys
  add constraint api_keys_role_check
    check (role in ('owner', 'support', 'finance', 'door', 'read_only')),
  -- What of its role a key may do; null is all of it.
  add column scopes text[] check (cardinality(scopes) between 1 and 20);
