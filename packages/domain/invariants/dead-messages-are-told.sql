-- A message that was given up has an incident that says so.
-- holds: always
-- by: whole
select m.id, m.name, m.queue, m.dead_at
  from outbox m
 where m.dead_at is not null
   and not exists (select from incidents i
                    where i.object_type = 'message' and i.object_id = m.id::text)
