-- mart.migrant_count: children by county, age, sex, origin and status. One row a combination that occurs.
-- Small counts are not suppressed yet: for use inside the bureau, not for release.
-- reads: mart.child_period
select
    period,
    coalesce(residence_county, 'unknown') as residence_county,
    coalesce(residence_province, 'unknown') as residence_province,
    age_band, sex,
    coalesce(hukou_province, 'unknown') as origin_province,
    case
        when hukou_county is null or residence_county is null then 'unknown'
        when hukou_county = residence_county then 'same_county'
        when hukou_prefecture = residence_prefecture then 'same_prefecture'
        when hukou_province = residence_province and residence_province in ('110000', '120000', '310000', '500000')
            then 'same_prefecture'  -- a municipality is one city
        when hukou_province = residence_province then 'same_province'
        else 'other_province'
    end as origin,
    status,
    cast(count(*) as integer) as children
from mart.child_period
group by all
order by all
