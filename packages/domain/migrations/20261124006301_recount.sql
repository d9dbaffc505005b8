-- Counts the seats of an event anew, from its holds and tickets: after a trigger that counts was away. Holds
-- that are being placed wait for the counters' locks, and are counted by their own statement after it. What
-- was sold beyond a capacity makes it fail by the name of the CHECK: nothing here hides that.
create function recount_seats(of_event uuid) returns void language plpgsql as $$
begin
  perform from ticket_tiers where event_id = of_event order by id for update;
  perform from capacity_pools where event_id = of_event order by id for update;
  update ticket_tiers t
     set reserved_quantity = (select coalesce(sum(i.quantity), 0)
                                from ticket_holds h join hold_items i on i.hold_id = h.id
                               where h.event_id = of_event and h.status = 'active' and i.tier_id = t.id),
         issued_quantity = (select count(*) from tickets k
                             where k.event_id = of_event and k.tier_id = t.id and k.holds_seat)
   where t.event_id = of_event;
  update capacity_pools p
     set reserved_quantity = s.reserved, issued_quantity = s.issued
    from (select m.pool_id, sum(t.reserved_quantity) as reserved, sum(t.issued_quantity) as issued
            from pool_tiers m join ticket_tiers t on t.id = m.tier_id
           where m.event_id = of_event group by m.pool_id) s
   where p.id = s.pool_id;
end
$$;
