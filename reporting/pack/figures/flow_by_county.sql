-- Per county: migrant children then, gained, lost, now. Then + gained - lost = now.
select
    county as residence_county,
    coalesce(sum(children) filter (where direction <> 'in'), 0) as earlier_children,
    coalesce(sum(children) filter (where direction = 'in'), 0) as gained,
    coalesce(sum(children) filter (where direction = 'out'), 0) as lost,
    coalesce(sum(children) filter (where direction <> 'out'), 0) as children
from mart.migrant_flow
where period = $period and $jurisdiction in ('000000', county, prefecture, province)
group by county
order by county
