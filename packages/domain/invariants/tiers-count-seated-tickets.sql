-- What a tier has issued is its tickets that hold a seat.
-- holds: always
-- by: events
with seated as (
  select tier_id, count(*) as tickets
    from tickets
   where event_id > :from and event_id <= :to and holds_seat
   group by tier_id
)
select t.id, t.event_id, t.issued_quantity, coalesce(s.tickets, 0) as seated
  from ticket_tiers t
  left join seated s on s.tier_id = t.id
 where t.event_id > :from and t.event_id <= :to
   and t.issued_quantity <> coalesce(s.tickets, 0)
