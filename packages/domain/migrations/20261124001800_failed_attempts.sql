-- Payment pages whose money did not come are counted by the health snapshot. They are few, and their
-- table is the widest: without this every page ever opened is read for them.
create index checkout_attempts_failed on checkout_attempts (order_id) where state = 'failed';
