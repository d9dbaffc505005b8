-- The audit log is as it was sealed.
-- holds: always
-- by: whole
with chain as (
  select l as entry, chain_no, hash,
         lag(hash) over chain_order as hash_before, lag(chain_no) over chain_order as no_before
    from audit_log l
   where chain_no is not null
  window chain_order as (order by chain_no)
)
select (entry).id::text as id, (entry).organization_id, (entry).action, (entry).object_id, chain_no
  from chain
 where hash <> audit_hash(hash_before, entry)
    or chain_no <> coalesce(no_before, 0) + 1
