-- What to send to whom, what was sent, what became of it. The rendered body is stored before the
-- first call, since a changed body under the same idempotency key is refused.
create table emails (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  order_id uuid references orders (id),
  kind text not null check (kind in ('order_confirmation')),
  dedupe_key text not null unique check (length(dedupe_key) <= 200),
  recipient text check (length(recipient) between 3 and 254),
  status text not null default 'queued' check (status in
    ('queued', 'withheld', 'sent', 'delivered', 'bounced', 'complained', 'failed', 'suppressed')),
  subject text check (length(subject) <= 500),
  html text check (length(html) <= 1000000),
  body_text text check (length(body_text) <= 200000),
  attachments jsonb not null default '[]',
  rendered_at timestamptz,
  first_attempt_at timestamptz,
  provider_id text check (length(provider_id) <= 255),
  error text check (length(error) <= 2000),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check ((rendered_at is null) = (html is null))
);
create index emails_order on emails (order_id);
create index emails_provider on emails (provider_id);
create index emails_withheld on emails (created_at) where status = 'withheld';

-- What a person must look at. One open incident per kind and object; seeing it again counts up.
create table incidents (
  id uuid primary key,
  organization_id uuid references organizations (id),
  kind text not null check (length(kind) <= 100),
  object_type text not null check (length(object_type) <= 50),
  object_id text not null check (length(object_id) <= 255),
  message text not null check (length(message) <= 2000),
  details jsonb not null default '{}',
  opened_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  seen integer not null default 1,
  resolved_at timestamptz,
  resolved_by text check (length(resolved_by) <= 200)
);
create unique index incidents_one_open on incidents (kind, object_type, object_id)
  where resolved_at is null;
