-- A ticket counts as used exactly when a scan let somebody in, and keeps its seat then.
-- holds: always
-- by: tickets
with scanned as (
  select distinct ticket_id
    from check_ins
   where ticket_id > :from and ticket_id <= :to and outcome = 'admitted' and undone_at is null
)
select k.id, k.event_id, k.admitted_at, k.holds_seat, s.ticket_id is not null as has_scan
  from tickets k
  left join scanned s on s.ticket_id = k.id
 where k.id > :from and k.id <= :to
   and ((k.admitted_at is not null) <> (s.ticket_id is not null)
        or (k.admitted_at is not null and not k.holds_seat))
