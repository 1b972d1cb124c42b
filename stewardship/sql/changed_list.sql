-- changed_list: migrant children gained and lost since the period before, of some counties. One row a child. Who is of other
-- counties now isn't named.
-- reads   care.status_change, care.migrant_status, core.child
-- params  counties; of_no_county: whether a child of no known county is shown; today (not asked)
create or replace temp table listed as
with mine as (select unnest($counties::varchar[]) as code),
ours as (
    select distinct child_id
    from (
        select child_id, unnest(coalesce(residence_codes, []) || coalesce(hukou_codes, [])) as code from care.migrant_status
    )
    semi join mine using (code)
    union all
    select child_id from care.migrant_status
    where $of_no_county and len(coalesce(residence_codes, []) || coalesce(hukou_codes, [])) = 0
),
moved as (
    select
        change.*, change.county in (select code from mine) as came, change.earlier_county in (select code from mine) as went
    from care.status_change as change
    where change.direction <> 'stayed' and $today is not null
)
select
    moved.child_id, moved.cause, moved.detail, moved.earlier_status, moved.status as now_status, moved.earlier_county,
    moved.county, child.name, child.born_on, ours.child_id is not null as is_ours,
    case when moved.direction = 'moved' then case when moved.came then 'in' else 'out' end else moved.direction end as state
from moved
left join ours using (child_id)
left join core.child as child on child.child_id = ours.child_id
where (moved.came or moved.went or $of_no_county and coalesce(moved.county, moved.earlier_county) is null)
  and not (moved.direction = 'moved' and moved.came and moved.went)
