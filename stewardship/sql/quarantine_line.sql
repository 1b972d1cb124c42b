-- quarantine_line: lines of one file in the period's quarantine, as they came. One row a line.
-- reads   raw.quarantine, raw.file
-- params  feed, table, file, reason, at_most
select line.row_no, line.detail, line.bytes, file.encoding
from raw.quarantine as line
left join raw.file as file
    on (file.feed, file.table_name, file.file) = (line.feed, line.table_name, line.file)
where line.feed = $feed and line.table_name = $table and line.file = $file and line.reason = $reason
order by line.row_no
limit $at_most
