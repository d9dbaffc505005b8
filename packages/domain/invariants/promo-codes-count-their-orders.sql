-- A promo code is used as often as orders have it, together and by each buyer, and as late as its late ones.
-- holds: always
-- by: whole
with redeemed as (
  select promo_code_id, count(*) as orders, count(*) filter (where is_late) as late
    from promo_redemptions
   where state in ('reserved', 'kept')
   group by promo_code_id
), buyers as (
  select promo_code_id, sum(used) as orders from promo_buyers group by promo_code_id
)
select p.id, p.event_id, p.used, p.taken_late, coalesce(r.orders, 0) as orders,
       coalesce(r.late, 0) as late, coalesce(b.orders, 0) as of_buyers
  from promo_codes p
  left join redeemed r on r.promo_code_id = p.id
  left join buyers b on b.promo_code_id = p.id
 where p.used <> coalesce(r.orders, 0)
    or p.taken_late <> coalesce(r.late, 0)
    or p.used <> coalesce(b.orders, 0)
