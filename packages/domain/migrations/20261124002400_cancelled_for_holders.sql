-- Who got a ticket from its buyer hears of the cancelled event, too. Buyers hear of it with their money.
alter table event_notices
  drop constraint event_notices_kind_check,
  add constraint event_notices_kind_check
    check (kind in ('event_changed', 'event_reminder', 'event_cancelled'));
create unique index event_notices_one_cancellation on event_notices (event_id)
  where kind = 'event_cancelled';

alter table emails
  drop constraint emails_name_their_transfer,
  add constraint emails_name_their_transfer check (
    case when kind in ('event_changed', 'event_reminder', 'event_cancelled')
         then (transfer_id is null) <> (order_id is null)
         else (kind in ('transfer_offered', 'transfer_accepted', 'ticket_received'))
              = (transfer_id is not null) end);
