-- changed_list: migrant children gained and lost since the period before, of some counties. One row a child. Who is of other
-- counties now isn't named.
-- reads   care.status_change, care.migrant_status, core.child
-- params  counties; of_no_county: whether a child of no known county is shown; today (not asked)
create or replace temp table listed as
select
    change.child_id, change.cause, change.detail, change.earlier_status, change.status as now_status, change.earlier_county,
    change.county, child.name, child.born_on, own.is_ours,
    case
        when change.direction = 'moved'
            then case when list_contains($counties::varchar[], change.county) then 'in' else 'out' end
        else change.direction
    end as state
from care.status_change as change
left join care.migrant_status as status using (child_id)
left join lateral (
    select
        list_has_any(coalesce(status.residence_codes, []) || coalesce(status.hukou_codes, []), $counties::varchar[])
        or $of_no_county and len(coalesce(status.residence_codes, []) || coalesce(status.hukou_codes, [])) = 0 as is_ours
) as own on true
left join core.child as child on child.child_id = change.child_id and own.is_ours
where change.direction <> 'stayed' and $today is not null
  and (
      list_contains($counties::varchar[], change.county) or list_contains($counties::varchar[], change.earlier_county)
      or $of_no_county and coalesce(change.county, change.earlier_county) is null
  )
  and not (
      change.direction = 'moved' and list_contains($counties::varchar[], change.county)
      and list_contains($counties::varchar[], change.earlier_county)
  )
