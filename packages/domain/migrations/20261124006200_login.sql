-- Nor is the log emptied: truncate asks no trigger of rows.
create trigger audit_log_not_emptied before truncate on audit_log
  for each statement execute function refuse_change();

-- Which refusals stand in the audit log already: of those alike one an hour is written there, or
-- whoever asks often enough fills it. Hashes of who asked for what, no addresses.
create table audit_refusals (
  subject text primary key check (length(subject) = 64),
  noted_at timestamptz not null
);
create index audit_refusals_noted on audit_refusals (noted_at);
