-- Migrant children by the county where they live, and how far from the hukou county it is.
select
    residence_county,
    count(*) filter (where hukou_province is distinct from residence_province) as other_province,
    count(*) filter (
        where hukou_province = residence_province and not coalesce(hukou_prefecture = residence_prefecture, false)
    ) as same_province,
    count(*) filter (where hukou_prefecture = residence_prefecture) as same_prefecture,
    count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by residence_county
order by residence_county
