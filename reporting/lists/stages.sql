-- How far each child has come in the half-year's work: collected (a department told of it), screened (no case of its entries
-- is open), merged (one child with a status), updated (in the national system). One row a migrant or undetermined child.
with open as (
    select distinct tied.child_id
    from (select unnest([left_entry_id, right_entry_id]) as entry_id from link.review_pair)
    join link.entry_child as tied using (entry_id)
    where tied.child_id is not null
),
collected as (
    select
        tied.child_id, cast(max(receipt.received_at) as date) as collected_on,
        count(distinct entry.feed || '/' || entry.table_name) as tables
    from link.entry_child as tied
    join std.entry as entry using (entry_id)
    join raw.receipt as receipt using (feed, table_name)
    group by tied.child_id
)
select
    status.child_id, status.residence_codes[1] as county, about.residence_township as township,
    case
        when national.state = 'entered' then 'updated'
        when open.child_id is not null then 'collected'
        when status.status = 'undetermined' then 'screened'
        else 'merged'
    end as stage,
    collected.collected_on, coalesce(collected.tables, 0) as tables, status.status,
    coalesce(national.state, 'pending') as national_state, national.reason as national_reason, status.rule_id, status.clause
from care.migrant_status as status
left join care.child as about using (child_id)
left join open using (child_id)
left join collected using (child_id)
left join national_entry as national using (child_id)
where status.status in ('migrant', 'undetermined')
