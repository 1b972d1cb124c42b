-- Migrant children by hukou county and residence county. One row a pair that occurs, the largest first.
select hukou_county as origin_county, residence_county, count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by all
order by children desc, origin_county, residence_county
