-- What a tier has reserved is what its active holds hold.
-- holds: always
-- by: whole
-- Active holds are few and have an index of their own; ended ones are not read.
with held as (
  select i.tier_id, sum(i.quantity) as quantity
    from ticket_holds h
    join hold_items i on i.hold_id = h.id
   where h.status = 'active'
   group by i.tier_id
)
select t.id, t.event_id, t.reserved_quantity, coalesce(h.quantity, 0) as held
  from ticket_tiers t
  left join held h on h.tier_id = t.id
 where t.reserved_quantity <> coalesce(h.quantity, 0)
