-- mart.care_count: children on the lists of care, by county and category. One row a list, county and category; `all` counts
-- each child of the list once. What feeds propose for the ledger of key care is a list of its own: nobody is on the ledger
-- whom no person took into it. Categories that may not be told of a small place are merged into other_special.
-- reads: care.key_care, care.left_behind, care.distressed, care.single_parent, care.not_enrolled, policy.county
-- params: period
with told as (
    select case state when 'proposed' then 'key_care_proposed' else 'key_care' end as list, child_id, county, category
    from care.key_care where state <> 'closed'
    union all select 'left_behind', child_id, county, branch from care.left_behind
    union all select 'distressed', child_id, county, category from care.distressed
    union all
    select 'single_parent', child_id, county, case when regular_monitoring then 'monitored' else 'listed' end
    from care.single_parent
    union all select 'not_enrolled', child_id, county, why from care.not_enrolled
),
merged as (
    select
        list, child_id, coalesce(county, 'unknown') as county,
        case when category in ('hiv', 'behaviour_anomaly') then 'other_special' else category end as category
    from told
    union all
    select distinct list, child_id, coalesce(county, 'unknown'), 'all' from told
)
select
    $period as period, merged.list, merged.county, place.prefecture, place.province, merged.category,
    cast(count(distinct merged.child_id) as integer) as children
from merged
left join policy.county as place on place.code = merged.county
group by all
order by all
