-- How many children of each true status have which status of ours. One row a pair of statuses.
-- reads   held, care.migrant_status, truth_child
with of_truth as (
    select child, child_id from held
    qualify row_number() over (partition by child order by entries desc, child_id) = 1
)
select truth.status as true_status, status.status, count(*) as children
from truth_child as truth
join of_truth on of_truth.child = truth.child
join care.migrant_status as status on status.child_id = of_truth.child_id
group by all
order by children desc, true_status, status
