-- entry_fault: how many faults the sample put into an entry's name and birth date. One row a fault of an entry. Temporary.
-- reads   row_fault (temporary: the sample's faults_<period>.csv), std.entry
-- A date that was destroyed is no date within a fault of the true one: it counts as many.
create or replace temp table entry_fault as
select
    entry.entry_id,
    fault.column,
    fault.fault,
    (fault.column in ('姓名', '儿童姓名', 'XM', '姓名 newborn', '儿童姓名 newborn', 'XM newborn'))::integer as name_faults,
    case
        when fault.column not in ('出生日期', 'CSRQ') then 0
        when fault.fault in ('impossible_date', 'year_1900', 'blank_date') then 9
        else 1
    end as birth_faults
from row_fault as fault
join std.entry as entry
    on entry.feed = fault.feed and entry.table_name = fault."table" and entry.file = fault.file
    and entry.row_no = fault.row::integer
