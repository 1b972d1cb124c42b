-- How many children of each true status have which status of ours. One row a pair of statuses.
-- reads   link.entry_child, std.entry, care.migrant_status, truth_link, truth_child
with truth_entry as (
    select distinct feed, "table" as table_name, coalesce(key, '') as key, child from truth_link where child is not null
),
held as (
    select link.child_id, truth.child, count(*) as entries
    from link.entry_child as link
    join std.entry as entry using (entry_id)
    join truth_entry as truth
        on truth.feed = entry.feed and truth.table_name = entry.table_name and truth.key = coalesce(entry.key, '')
    group by all
),
of_truth as (
    select child, child_id from held
    qualify row_number() over (partition by child order by entries desc, child_id) = 1
)
select truth.status as true_status, status.status, count(*) as children
from truth_child as truth
join of_truth on of_truth.child = truth.child
join care.migrant_status as status on status.child_id = of_truth.child_id
group by all
order by children desc, true_status, status
