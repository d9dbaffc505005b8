-- Mails that wait in numbers are handed over a hundred at a time, under one key: who repeats the call
-- needs the same mails in the same order.
alter table emails
  add column batch_id uuid,
  add column batch_position integer check (batch_position between 0 and 99),
  add constraint emails_have_a_place_in_their_batch
    check ((batch_id is null) = (batch_position is null));
create unique index emails_batch on emails (batch_id, batch_position) where batch_id is not null;
create index emails_waiting on emails (created_at)
  where status = 'queued' and first_attempt_at is null;
