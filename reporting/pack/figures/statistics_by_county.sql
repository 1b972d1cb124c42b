-- The population of statistical analysis by the county where they live, and what they left.
select
    county as residence_county,
    coalesce(sum(children) filter (where across = 'county'), 0) as across_county,
    coalesce(sum(children) filter (where across = 'township'), 0) as across_township,
    coalesce(sum(children), 0) as children
from mart.statistics_count
where period = $period and ($jurisdiction in ('000000', county, prefecture, province) or county = 'unknown' and $with_unknown)
group by county
order by county = 'unknown', county
