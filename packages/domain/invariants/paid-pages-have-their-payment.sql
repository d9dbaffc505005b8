-- A payment page that was paid on has its payment.
-- holds: always
-- by: checkout_attempts
select a.id, a.order_id, a.session_id
  from checkout_attempts a
 where a.id > :from and a.id <= :to and a.state = 'paid'
   and not exists (select from payments p where p.order_id = a.order_id and p.attempt_id = a.id)
