-- Who sells. stripe_account is null while charges run on the platform's own account.
create table organizations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 200),
  stripe_account text check (length(stripe_account) <= 255),
  created_at timestamptz not null default now()
);

-- Machine credentials. Only the SHA-256 of a key is kept; prefix is its readable start.
create table api_keys (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('owner', 'support', 'read_only')),
  prefix text not null check (length(prefix) <= 20),
  key_hash text not null unique check (length(key_hash) = 64),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_organization on api_keys (organization_id);
