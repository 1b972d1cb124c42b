-- period_flow: migrant children kept, gained and lost since the period before, by cause, of some counties. One row a county,
-- direction and cause.
-- reads   mart.migrant_flow
-- params  counties; of_no_county: whether those of no known county are counted
select county, direction, cause, cast(sum(children) as integer) as children
from mart.migrant_flow
where list_contains($counties::varchar[], county) or $of_no_county and county is null
group by county, direction, cause
order by county nulls last, direction, cause
