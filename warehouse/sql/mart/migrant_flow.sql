-- mart.migrant_flow: migrant children that each county kept, gained and lost since the period before, by cause. One row a
-- county, direction and cause that occurs. A move between counties is lost by one and gained by the other, so that in each
-- county stayed + out is the number then and stayed + in the number now.
-- reads: care.status_change, policy.county
-- params: period
with told as (
    select county, case when direction = 'moved' then 'in' else direction end as direction, cause, detail
    from care.status_change where direction <> 'out'
    union all
    select earlier_county, 'out', cause, detail
    from care.status_change where direction in ('out', 'moved')
)
select
    $period as period, told.county, place.prefecture, place.province, told.direction, told.cause, told.detail,
    cast(count(*) as integer) as children
from told
left join policy.county as place on place.code = told.county
group by all
order by all
