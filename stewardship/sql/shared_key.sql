-- Natural keys that several children bear, such as siblings without a number in one household. One row a key of a case's entry.
-- reads   std.entry, link.entry_child, case_entry (temporary)
select entry.feed, entry.table_name, entry.key
from std.entry as entry
join link.entry_child as tied using (entry_id)
semi join case_entry as asked
    on (asked.feed, asked.table_name, asked.key) = (entry.feed, entry.table_name, entry.key)
group by all
having count(distinct tied.child_id) > 1
