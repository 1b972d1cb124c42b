-- Children on each list of care in each published period up to this one, each once.
select
    period,
    coalesce(sum(children) filter (where list = 'left_behind'), 0) as left_behind,
    coalesce(sum(children) filter (where list = 'distressed'), 0) as distressed,
    coalesce(sum(children) filter (where list = 'single_parent'), 0) as single_parent,
    coalesce(sum(children) filter (where list = 'key_care'), 0) as key_care
from mart.care_count
where period <= $period and category = 'all'
  and ($jurisdiction in ('000000', county, prefecture, province) or county = 'unknown' and $with_unknown)
group by period
order by period
