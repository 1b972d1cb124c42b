-- truth_entry: the truth's rows with their entries, found by file and row. One row a row of the truth. Temporary.
-- reads   truth (temporary), std.entry
create or replace temp table truth_entry as
select coalesce(truth.child, '') as child, entry.entry_id, 1 as bearers
from truth
left join std.entry as entry
    on entry.feed = truth.feed and entry.table_name = truth."table"
    and entry.file = truth.file and entry.row_no = truth."row"::integer
