-- A ticket is suspended while a bank disputes its payment, and only then.
-- holds: at rest
-- by: tickets
with disputed as (
  select distinct d.order_id
    from disputes d
    join payments p on p.id = d.payment_id and p.disposition = 'tickets'
   where d.phase = 'open' or (d.phase = 'lost' and d.allotted_at is null)
)
select k.id, k.order_id, k.status, d.order_id is not null as is_disputed
  from tickets k
  left join disputed d on d.order_id = k.order_id
 where k.id > :from and k.id <= :to and k.status in ('valid', 'suspended')
   and (k.status = 'suspended') <> (d.order_id is not null)
