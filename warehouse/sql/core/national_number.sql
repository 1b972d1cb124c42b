-- core.national_number: the national child welfare system's own numbers. One row a child and number.
-- A period in which the system's list came has that list's numbers alone; else those of the period before stand, of
-- children too that nobody tells of in this period.
-- reads: raw.civil_affairs_national_number, std.civil_affairs_national_number, link.entry_child,
--   core.child_redirect, prior.national_number, raw.receipt
-- params: period
with came as (
    select count(*) > 0 as has_come from raw.receipt
    where feed = 'civil_affairs' and table_name = 'national_number' and status = 'landed'
),
numbered as (
    select
        tied.child_id, trim(row.national_no) as national_no, typed.entered_on,
        'civil_affairs/national_number/' || row.file || ':' || row.row_no as entry, $period as from_period
    from raw.civil_affairs_national_number as row
    join std.civil_affairs_national_number as typed using (entry_id)
    join link.entry_child as tied using (entry_id)
    where tied.child_id is not null and trim(row.national_no) <> ''
    union all
    select coalesce(redirect.to_child_id, earlier.child_id), national_no, entered_on, entry, from_period
    from prior.national_number as earlier
    left join core.child_redirect as redirect on redirect.child_id = earlier.child_id
    where not (select has_come from came)
),
once as (
    select * from numbered
    qualify row_number() over (partition by child_id, national_no order by from_period desc, entry) = 1
)
select
    child_id, national_no,
    case
        when count(*) over (partition by national_no) > 1 then 'shared'
        when count(*) over (partition by child_id) > 1 then 'several'
        else 'sole'
    end as state,
    entered_on, entry, from_period, $period as period
from once
order by child_id, national_no
