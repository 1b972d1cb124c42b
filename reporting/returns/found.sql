-- What one delivered table got wrong, of a published period. One row a fault of a cell, a row whose key other rows bear too,
-- or a row that couldn't be read. Only of this table: nothing that another department delivered.
-- reads: std.fault, std.entry, raw.quarantine
-- params: feed, table_name
with entry as (
    select entry_id, file, row_no, key from std.entry where feed = $feed and table_name = $table_name
)
select 'cell' as kind, entry.file, entry.row_no, entry.key, fault.column_name, fault.fault, null as detail
from std.fault as fault
join entry using (entry_id)
union all
select
    'key', file, row_no, key, null, 'repeated_key',
    list_aggregate(list_sort(list_filter(rows, lambda x: x <> file || ':' || row_no))[1:5], 'string_agg', '、')
from (
    select
        file, row_no, key,
        list(file || ':' || row_no) over (partition by key) as rows
    from entry
    where regexp_matches(key, '[^|]')
    qualify count(*) over (partition by key) > 1
)
union all
select 'row', file, row_no, null, null, reason, detail
from raw.quarantine
where feed = $feed and table_name = $table_name
order by 2, 3, 1, 5, 6
