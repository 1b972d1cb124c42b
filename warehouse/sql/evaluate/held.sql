-- Entries that each child id holds of each child of the truth. One row a pair of them.
-- reads   link.entry_child, std.entry, truth_link
with truth_entry as (
    select distinct feed, "table" as table_name, coalesce(key, '') as key, child from truth_link where child is not null
),
-- a key borne by entries of two children says nothing about whose entry it is
unambiguous as (
    select feed, table_name, key, min(child) as child from truth_entry group by all having count(*) = 1
)
select link.child_id, truth.child, count(*) as entries
from link.entry_child as link
join std.entry as entry using (entry_id)
join unambiguous as truth
    on truth.feed = entry.feed and truth.table_name = entry.table_name and truth.key = coalesce(entry.key, '')
group by all
