-- A ticket lets one person in at a time.
-- holds: always
-- by: whole
select ticket_id as id, count(*) as admissions
  from check_ins
 where outcome = 'admitted' and left_at is null and undone_at is null
 group by ticket_id
having count(*) > 1
