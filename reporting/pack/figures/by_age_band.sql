-- Migrant children by age band and sex. One row a band that occurs.
select
    age_band,
    count(*) filter (where sex = 'male') as male,
    count(*) filter (where sex = 'female') as female,
    count(*) filter (where sex = 'unknown') as sex_unknown,
    count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by age_band
order by min(age_years) nulls last
