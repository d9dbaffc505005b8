-- Of a pool no more is reserved and issued than its capacity, and never less than nothing.
-- holds: always
-- by: whole
select id, event_id, capacity, reserved_quantity, issued_quantity
  from capacity_pools
 where reserved_quantity < 0
    or issued_quantity < 0
    or reserved_quantity + issued_quantity > capacity
