-- mart.statistics_count: the population of statistical analysis (统计分析), by county, age and sex. One row a combination that
-- occurs. It is another population than that of the monitoring survey: no total holds both.
-- reads: care.statistics_population, care.child, core.child, policy.age_band, policy.county
-- params: period
select
    $period as period, coalesce(listed.county, 'unknown') as county, place.prefecture, place.province, listed.across,
    coalesce(band.band, 'unknown') as age_band, coalesce(child.sex, 'unknown') as sex,
    cast(count(*) as integer) as children
from care.statistics_population as listed
join core.child as child using (child_id)
left join care.child as about using (child_id)
left join policy.age_band as band on about.age_years between band.from_years and band.to_years
left join policy.county as place on place.code = listed.county
group by all
order by all
