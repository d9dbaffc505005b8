-- Refunds of a cancelled event are all written at once and asked for at a pace: is_waiting until
-- their turn comes.
alter table refunds
  drop constraint refunds_kind_check,
  add constraint refunds_kind_check check (kind in
    ('whole', 'tickets', 'amount', 'disposition', 'external', 'event_cancelled', 'buyer')),
  add column is_waiting boolean not null default false;
create index refunds_waiting on refunds (id) where is_waiting;
-- One such refund a payment: whoever cancels again finds it made.
create unique index refunds_one_of_event on refunds (payment_id) where kind = 'event_cancelled';
