-- A code is used no more often than its limit says, those apart whose money came late.
-- holds: always
-- by: whole
select id, 'promo' as kind, event_id, used, taken_late, max_redemptions as allowed
  from promo_codes
 where used < 0 or taken_late not between 0 and used or used - taken_late > max_redemptions
 union all
select id, 'access', event_id, used, taken_late, max_uses
  from access_codes
 where used < 0 or taken_late not between 0 and used or used - taken_late > max_uses
