-- Counts of children by agreement of our migrant status with the truth's. One row.
-- reads   link.entry_child, std.entry, care.migrant_status, truth_link, truth_child
with truth_entry as (
    select distinct feed, "table" as table_name, coalesce(key, '') as key, child from truth_link where child is not null
),
-- a key borne by entries of two children says nothing about whose entry it is
unambiguous as (
    select feed, table_name, key, min(child) as child from truth_entry group by all having count(*) = 1
),
held as (
    select link.child_id, truth.child, count(*) as entries
    from link.entry_child as link
    join std.entry as entry using (entry_id)
    join unambiguous as truth
        on truth.feed = entry.feed and truth.table_name = entry.table_name and truth.key = coalesce(entry.key, '')
    group by all
),
of_ours as (
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
