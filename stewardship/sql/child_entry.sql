-- child_entry: the entries of one child, as somebody tells them apart. One row an entry.
-- reads   link.entry_child, std.entry, std.name
-- params  child_id
select entry.entry_id, entry.feed, entry.table_name, entry.file, entry.row_no, entry.key,
    name.delivered as name, entry.sex, entry.born_on, entry.citizen_no, tied.how
from link.entry_child as tied
join std.entry as entry using (entry_id)
left join std.name as name on name.name_id = entry.name_id
where tied.child_id = $child_id
order by entry.feed, entry.table_name, entry.entry_id
