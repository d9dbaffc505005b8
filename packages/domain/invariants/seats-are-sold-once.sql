-- A seat with a number admits one ticket.
-- holds: always
-- by: events
select (array_agg(id order by id))[1] as id, event_id, array_agg(id order by id) as tickets
  from tickets
 where event_id > :from and event_id <= :to and holds_seat and seat_label is not null
 group by event_id, seat_label
having count(*) > 1
