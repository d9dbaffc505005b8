-- How many refunds of cancelled events are asked for and not made: so many more are not handed out.
create index refunds_handed_out on refunds (id)
  where kind = 'event_cancelled' and status = 'requested' and not is_waiting;
