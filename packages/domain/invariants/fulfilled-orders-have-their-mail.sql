-- A fulfilled order whose buyer has an address owes them a confirmation, sent or not.
-- holds: always
-- by: orders
-- One that got its tickets after its event was cancelled has a mail about that.
with confirmed as (
  select distinct order_id
    from emails
   where order_id > :from and order_id <= :to and kind = 'order_confirmation'
)
select o.id, o.fulfilled_at
  from orders o
  join events e on e.id = o.event_id and e.status <> 'cancelled'
  left join confirmed c on c.order_id = o.id
 where o.id > :from and o.id <= :to and o.status = 'fulfilled' and o.buyer_email is not null
   and c.order_id is null
