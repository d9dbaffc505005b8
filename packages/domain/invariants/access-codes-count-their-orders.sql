-- An access code is used as often as orders have it.
-- holds: always
-- by: whole
with uses as (
  select access_code_id, count(*) as orders
    from access_code_uses
   where state in ('reserved', 'kept')
   group by access_code_id
)
select a.id, a.event_id, a.used, coalesce(u.orders, 0) as orders
  from access_codes a
  left join uses u on u.access_code_id = a.id
 where a.used <> coalesce(u.orders, 0)
