-- child_guardian: the guardians of one child. One row a guardian.
-- reads   core.guardian
-- params  child_id
select relation, name, citizen_no, phone, entries from core.guardian where child_id = $child_id order by guardian_no
