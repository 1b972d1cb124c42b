-- What brought the number of migrant children from the last period's to this one's, by cause. A move between two counties
-- of the jurisdiction is gained by one and lost by the other.
select
    cause,
    coalesce(sum(children) filter (where direction = 'in'), 0) as gained,
    coalesce(sum(children) filter (where direction = 'out'), 0) as lost
from mart.migrant_flow
where period = $period and direction <> 'stayed'
  and $jurisdiction in ('000000', county, prefecture, province)
group by cause
order by list_position(['moved', 'time', 'came_of_age', 'feed', 'corrected', 'rule', 'linkage', 'steward'], cause)
