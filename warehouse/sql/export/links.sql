-- export links: which child each delivered row belongs to. One row a landed row; child_id is empty for an adult's.
-- reads: std.entry, link.entry_child
-- params: period
select
    entry.feed, entry.table_name as "table", entry.key, entry.file, entry.row_no as "row",
    tied.child_id, $period as period, coalesce(tied.how, 'alone') as how, tied.score
from std.entry as entry
left join link.entry_child as tied using (entry_id)
order by entry.feed, entry.table_name, entry.file, entry.row_no, entry.entry_id
