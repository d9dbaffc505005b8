-- An order has one open payment page at most.
-- holds: always
-- by: whole
select order_id as id, array_agg(id order by id) as attempts
  from checkout_attempts
 where state in ('creating', 'open', 'completed')
 group by order_id
having count(*) > 1
