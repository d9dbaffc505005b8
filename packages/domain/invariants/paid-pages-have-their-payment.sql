-- A payment page that was paid on has its payment.
-- holds: always
-- by: orders
select a.id, a.order_id, a.session_id
  from checkout_attempts a
  left join payments p on p.attempt_id = a.id and p.order_id > :from and p.order_id <= :to
 where a.order_id > :from and a.order_id <= :to and a.state = 'paid' and p.id is null
