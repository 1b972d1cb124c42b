-- Migrant children of each published period up to this one, by what was found, as the release in force has them.
select
    period,
    count(*) filter (where status = 'migrant') as migrant,
    count(*) filter (where status = 'under_six_months') as under_six_months,
    count(*) filter (where status = 'undetermined') as undetermined
from mart.child_period
where period <= $period
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by period
order by period
