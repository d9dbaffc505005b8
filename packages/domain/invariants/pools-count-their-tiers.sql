-- A pool counts what the tiers that draw on it count together.
-- holds: always
-- by: whole
select p.id, p.event_id, p.reserved_quantity, p.issued_quantity, s.reserved, s.issued
  from capacity_pools p
 cross join lateral (select coalesce(sum(t.reserved_quantity), 0) as reserved,
                            coalesce(sum(t.issued_quantity), 0) as issued
                       from pool_tiers m
                       join ticket_tiers t on t.id = m.tier_id
                      where m.pool_id = p.id) s
 where (p.reserved_quantity, p.issued_quantity) is distinct from (s.reserved, s.issued)
