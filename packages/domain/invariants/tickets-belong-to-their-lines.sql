-- A ticket is of the tier, order, event and organization that its line is of.
-- holds: always
-- by: tickets
select k.id, k.order_id, k.order_item_id
  from tickets k
  left join order_items i on i.id = k.order_item_id
  left join orders o on o.id = i.order_id
 where k.id > :from and k.id <= :to
   and (k.order_id, k.tier_id, k.event_id, k.organization_id)
         is distinct from (i.order_id, i.tier_id, i.event_id, o.organization_id)
