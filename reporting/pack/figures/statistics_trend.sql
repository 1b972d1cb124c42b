-- The population of statistical analysis of each published period up to this one.
select period, coalesce(sum(children), 0) as children
from mart.statistics_count
where period <= $period and ($jurisdiction in ('000000', county, prefecture, province) or county = 'unknown' and $with_unknown)
group by period
order by period
