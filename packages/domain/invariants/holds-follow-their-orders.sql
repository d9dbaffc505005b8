-- A hold is active while its order is open, pinned when it is paid, converted with its tickets, and ended with it.
-- holds: always
-- by: orders
select o.id, o.status, o.hold_id, h.status as hold_status, h.expires_at
  from orders o
  left join ticket_holds h on h.id = o.hold_id
 where o.id > :from and o.id <= :to
   and case o.status
         when 'pending' then h.status = 'active'
         when 'paid' then h.status = 'active' and h.expires_at = 'infinity'
         when 'fulfilled' then h.status = 'converted'
         else h.status in ('released', 'expired')
       end is not true
