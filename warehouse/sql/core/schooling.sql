-- core.schooling: what the school rolls say of a child's schooling. One row a roll's entry of a child.
-- reads: std.education_enrolment, std.entry, link.entry_child, core.child_redirect, prior.schooling, raw.receipt,
--   policy.migrant_rule, policy.county
-- params: period
-- by: child
with gone as (
    select feed from raw.receipt where feed = 'education' and table_name = 'enrolment' and status <> 'landed'
),
earlier as (
    select
        coalesce(redirect.to_child_id, before.child_id) as child_id, before.* exclude (child_id),
        cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - cast(left(from_period, 4) as integer) * 2 - cast(right(from_period, 1) as integer) as age
    from prior.schooling as before
    semi join gone on true
    left join core.child_redirect as redirect on redirect.child_id = before.child_id
)
select
    tied.child_id, row.school_stage, coalesce(row.enrolment_status, 'enrolled') as enrolment_status, row.boarding,
    row.enrolled_in, school.code as school_county, row.hardship, row.is_migrant_declared, row.is_left_behind_declared,
    row.is_disabled_declared, entry.entry_id,
    entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry,
    $period as from_period, 0 as carried_periods
from std.education_enrolment as row
join std.entry as entry using (entry_id)
join link.entry_child as tied using (entry_id)
left join policy.county as school on school.code = regexp_extract(entry.file, '([0-9]{6})', 1)  -- a file a county
where tied.child_id is not null
union all
select
    child_id, school_stage, enrolment_status, boarding, enrolled_in, school_county, hardship, is_migrant_declared,
    is_left_behind_declared, is_disabled_declared, null, entry, from_period, age
from earlier
where age <= (select carried_periods from policy.migrant_rule where county = '000000')
