-- A ticket is refunded exactly when a refund is of it.
-- holds: always
-- by: tickets
with given_back as (
  select distinct ticket_id
    from refund_items
   where ticket_id > :from and ticket_id <= :to and active
)
select k.id, k.order_id, k.status, g.ticket_id is not null as has_refund
  from tickets k
  left join given_back g on g.ticket_id = k.id
 where k.id > :from and k.id <= :to
   and (k.status = 'refunded') <> (g.ticket_id is not null)
