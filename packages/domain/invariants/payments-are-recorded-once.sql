-- Money is recorded once, under the id that its provider gave it.
-- holds: always
-- by: payments
select p.id, p.order_id, p.provider, p.provider_id
  from payments p
 where p.id > :from and p.id <= :to
   and exists (select from payments q
                where q.provider_id = p.provider_id
                  and q.provider = p.provider
                  and q.stripe_account is not distinct from p.stripe_account
                  and q.id <> p.id)
