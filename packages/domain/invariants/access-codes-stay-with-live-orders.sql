-- An order keeps its use of an access code while it lives, and gives it back with its end or its last ticket.
-- holds: always
-- by: orders
select u.order_id as id, o.status, u.access_code_id, u.state
  from access_code_uses u
  join orders o on o.id = u.order_id
 where u.order_id > :from and u.order_id <= :to
   and (o.status in ('pending', 'paid')
        or (o.status = 'fulfilled' and exists (select from tickets k
                                                where k.order_id = o.id and k.status <> 'refunded')))
         <> (u.state in ('reserved', 'kept'))
