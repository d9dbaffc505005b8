-- What became of a mail after it was handed over.
alter table emails
  add column delayed_at timestamptz,
  add column delivered_at timestamptz,
  add column fate_reason text check (length(fate_reason) <= 500);

-- Addresses that take no mail: they bounced for good, or complained. Lifted when somebody corrects it.
create table email_suppressions (
  recipient text primary key check (length(recipient) <= 254),
  reason text not null check (reason in ('bounced', 'complained', 'suppressed')),
  email_id uuid not null references emails (id),
  created_at timestamptz not null default clock_timestamp()
);
