-- A ticket bears a serial that its event has handed out.
-- holds: always
-- by: events
select c.event_id as id, c.next_serial, k.serial as highest_serial
  from event_counters c
 cross join lateral (select max(serial) as serial from tickets where event_id = c.event_id) k
 where c.event_id > :from and c.event_id <= :to and k.serial >= c.next_serial
