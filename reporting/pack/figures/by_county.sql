-- Migrant children by the county where they live, and how far from the hukou county it is. A municipality is one city.
with told as (
    select
        residence_county, hukou_province = residence_province as is_same_province,
        hukou_prefecture = residence_prefecture
            or hukou_province = residence_province and residence_province in ('110000', '120000', '310000', '500000')
            as is_same_prefecture
    from mart.child_period
    where period = $period and status = 'migrant'
      and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
)
select
    residence_county,
    count(*) filter (where not coalesce(is_same_province, false)) as other_province,
    count(*) filter (where is_same_province and not coalesce(is_same_prefecture, false)) as same_province,
    count(*) filter (where is_same_province and is_same_prefecture) as same_prefecture,
    count(*) as children
from told
group by residence_county
order by residence_county
