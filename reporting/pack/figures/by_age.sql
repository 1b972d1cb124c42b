-- Migrant children by full years of age on the reference date and sex. One row a year of age that occurs.
select
    coalesce(cast(age_years as varchar), 'unknown') as age_years,
    count(*) filter (where sex = 'male') as male,
    count(*) filter (where sex = 'female') as female,
    count(*) filter (where sex = 'unknown') as sex_unknown,
    count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by child_period.age_years
order by child_period.age_years nulls last
