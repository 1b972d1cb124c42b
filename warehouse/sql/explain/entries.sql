-- explain entries: what the departments delivered about one child, without what they say of it. One row an entry.
-- reads: std.entry, link.entry_child
-- params: child_id
select
    entry.feed, entry.table_name, entry.file, entry.row_no, tied.how, round(tied.score, 2) as score
from link.entry_child as tied
join std.entry as entry using (entry_id)
where tied.child_id = $child_id
order by entry.feed, entry.table_name, entry.file, entry.row_no
