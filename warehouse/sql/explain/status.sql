-- explain status: one child's status with the facts that its tests ask about. One row.
-- reads: care.migrant_status, core.child
-- params: child_id
select
    status.*, child.born_on, child.born_precision, child.born_on_known, child.is_carried
from care.migrant_status as status
join core.child as child using (child_id)
where status.child_id = $child_id
