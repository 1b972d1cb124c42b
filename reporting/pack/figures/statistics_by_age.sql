-- The population of statistical analysis by age band and sex.
select
    age_band,
    coalesce(sum(children) filter (where sex = 'male'), 0) as male,
    coalesce(sum(children) filter (where sex = 'female'), 0) as female,
    coalesce(sum(children) filter (where sex = 'unknown'), 0) as sex_unknown,
    coalesce(sum(children), 0) as children
from mart.statistics_count
where period = $period and ($jurisdiction in ('000000', county, prefecture, province) or county = 'unknown' and $with_unknown)
group by age_band
order by list_position(['0-2', '3-5', '6-11', '12-14', '15', '16-17', 'unknown'], age_band)
