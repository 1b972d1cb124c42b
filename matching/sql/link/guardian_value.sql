-- What a guardian can be compared by, hashed. One row a guardian of an entry; a mother named beside the child is one.
-- reads   child_guardian, child_entry (temporary views: guardians, and entries of children)
-- A hash of 0 means: no value; name_id -1: no name.
select
    entry_id, coalesce(name_id, -1) as name_id,
    key_of('c', citizen_no) as number_key, key_of('p', phone) as phone_key
from child_guardian
union all
select entry_id, mother_name_id, 0::ubigint, 0::ubigint from child_entry where mother_name_id is not null
