-- Children to be visited by the group that asks for it, and whether it was done in time: visited, and not overdue again. A child may be of several.
with grouped as (
    select child_id, unnest(why) as "group", state, last_visit_on
    from care.visit_due
    where county is null and $with_unknown
       or county in (select code from policy.county where $jurisdiction in ('000000', code, prefecture, province))
)
select
    "group",
    count(*) filter (where state <> 'overdue' and last_visit_on is not null) as done,
    count(*) filter (where state <> 'overdue' and last_visit_on is null) as not_yet,
    count(*) filter (where state = 'overdue') as overdue,
    count(*) as children
from grouped
group by "group"
order by list_position(['left_behind', 'distressed', 'single_parent', 'key_care', 'migrant'], "group")
