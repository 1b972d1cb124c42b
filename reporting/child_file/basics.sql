-- Who the child is, as chosen in this period, each fact with its day and the entry it rests on. One row a fact.
with about as (select child.* from core.child as child semi join who using (child_id)),
status as (select judged.* from care.migrant_status as judged semi join who using (child_id)),
since as (  -- of this period's rows alone: an earlier period's file has the same name, and another child in that row
    select claim.entry
    from core.residence as claim
    semi join who using (child_id)
    join status on status.since_entry = claim.entry and status.since_shown_by <> 'earlier_period'
    where claim.carried_periods = 0
),
told as (
    select 1 as place, 'name' as item, name as value, name_entry_id as entry_id, cast(null as date) as told_on from about
    union all select 2, 'sex', sex, sex_entry_id, null from about
    union all
    select
        3, 'born_on',
        case born_precision
            when 'month' then strftime(born_on, '%Y-%m')
            when 'year' then strftime(born_on, '%Y')
            else strftime(born_on, '%Y-%m-%d')
        end,
        born_on_entry_id, null
    from about
    union all select 4, 'citizen_no', citizen_no, citizen_no_entry_id, null from about
    union all
    select 5, 'hukou', array_to_string(codes, '|'), entry_id, seen_on
    from core.hukou semi join who using (child_id) where is_chosen
    union all
    select 6, 'residence', array_to_string(codes, '|'), entry_id, seen_on
    from core.residence semi join who using (child_id) where is_chosen
    union all
    select 7, 'residing_since', strftime(residing_since, '%Y-%m-%d'), null, residing_since from status
    union all
    select 8, 'address', address, null, null from person
    union all
    select 9, 'school', school_name, null, null from person
    union all
    select
        10, 'guardian',
        concat_ws(' ', name, case relation when 'father' then '父亲' when 'mother' then '母亲' when 'grandparent' then '祖辈'
            when 'other' then '其他' end, phone),
        entry_id, null
    from core.guardian semi join who using (child_id)
    union all select 11, 'status', status, null, $as_of from status
    union all
    select 12, 'left_behind', branch, null, told_on from care.left_behind semi join who using (child_id)
    union all
    select 13, 'distressed', category, null, since from care.distressed semi join who using (child_id)
    union all
    select 14, 'single_parent', 'true', null, told_on from care.single_parent semi join who using (child_id)
    union all
    select 15, 'key_care', category, null, opened_on
    from care.key_care semi join who using (child_id) where state <> 'closed'
    union all
    select 16, 'completeness', cast(round(completeness * 100) as integer) || '%', null, $as_of
    from care.child_file semi join who using (child_id)
    union all
    select 17, 'missing', unnest(missing), null, $as_of from care.child_file semi join who using (child_id)
)
select
    told.item, told.value, coalesce(told.told_on, $as_of) as told_on,
    case
        when told.item = 'residing_since' then (select any_value(entry) from since)
        else entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no
    end as told_by
from told
left join std.entry as entry using (entry_id)
where nullif(told.value, '') is not null
order by told.place, told.told_on, told.entry_id, told.value
