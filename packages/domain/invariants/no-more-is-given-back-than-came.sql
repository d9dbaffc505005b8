-- Of a payment no more is given back, or on its way back, than came.
-- holds: always
-- by: payments
select id, order_id, amount_cents, refunded_cents, refund_open_cents
  from payments
 where id > :from and id <= :to and refunded_cents + refund_open_cents > amount_cents
