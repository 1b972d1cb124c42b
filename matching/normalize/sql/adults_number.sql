-- Entries with no birth date of their own whose number tells an adult, and the names that adult bears where it is a
-- guardian or has an entry with a birth date. One row an entry and name.
-- reads   std.entry, std.name, delivered (view over the raw tables), temp value_number
with own as (
    select entry_id, name_id, citizen_no
    from std.entry
    where citizen_no_state = 'sound' and is_adult and strftime(born_on, '%Y%m%d') = substr(citizen_no, 7, 8)
        and born_fault not in ('excel_serial', 'lunar', 'swapped', 'two_digit_year', 'year_last')  -- read from the cell
        and name_id is not null
),
around as (
    select guardian1_citizen_no as delivered, guardian1_name as name from delivered
    union all select guardian2_citizen_no, guardian2_name from delivered
    union all select father_citizen_no, father_name from delivered
    union all select mother_citizen_no, mother_name from delivered
),
borne as (
    select number.number, name.name_id
    from around
    join value_number as number using (delivered)
    join std.name as name on name.delivered = around.name
    where number.number in (select citizen_no from own)
    union all
    select citizen_no, name_id from std.entry where citizen_no_state = 'sound' and is_adult and born_fault is null
)
select distinct own.entry_id, own.citizen_no as number, false as is_twice, own.name_id, borne.name_id as other_name_id
from own
join borne on borne.number = own.citizen_no
where borne.name_id is not null
order by all
