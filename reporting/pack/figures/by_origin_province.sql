-- Migrant children by the province of their hukou.
select coalesce(hukou_province, 'unknown') as origin_province, count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by all
order by children desc, origin_province
