-- Counts of children by agreement of our migrant status with the truth's. One row.
-- reads   held, care.migrant_status, truth_child
with of_ours as (
    select child_id, child from held
    qualify row_number() over (partition by child_id order by entries desc, child) = 1
),
of_truth as (
    select child, child_id from held
    qualify row_number() over (partition by child order by entries desc, child_id) = 1
),
ours as (
    select status.status, truth.status as true_status
    from care.migrant_status as status
    join of_ours using (child_id)
    join truth_child as truth on truth.child = of_ours.child
),
truths as (
    select truth.status as true_status, status.status
    from truth_child as truth
    join of_truth on of_truth.child = truth.child
    join care.migrant_status as status on status.child_id = of_truth.child_id
)
select
    (select count(*) from ours where status = 'migrant') as flagged,
    (select count(*) from ours where status = 'migrant' and true_status = 'migrant') as "right",
    (select count(*) from truths where true_status = 'migrant') as "true",
    (select count(*) from truths where true_status = 'migrant' and status = 'migrant') as found,
    (select count(*) from truths where true_status = 'migrant' and status = 'undetermined') as undetermined,
    (select count(*) from truths where status = true_status) as same,
    (select count(*) from truths) as compared
