-- Children to be visited by the group that asks for it, and whether the visit was done in time. A child may be of several.
with grouped as (
    select child_id, unnest(why) as "group", state
    from care.visit_due
    where county is null
       or county in (select code from policy.county where $jurisdiction in ('000000', code, prefecture, province))
)
select
    "group",
    count(*) filter (where state = 'done') as done,
    count(*) filter (where state in ('upcoming', 'due')) as not_yet,
    count(*) filter (where state = 'overdue') as overdue,
    count(*) as children
from grouped
group by "group"
order by list_position(['left_behind', 'distressed', 'single_parent', 'key_care', 'migrant'], "group")
