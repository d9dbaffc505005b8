-- An order costs between nothing and the eight digits that Stripe takes.
-- holds: always
-- by: orders
select id, total_cents
  from orders
 where id > :from and id <= :to and total_cents not between 0 and 99999999
