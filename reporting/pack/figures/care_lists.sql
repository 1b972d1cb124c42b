-- Children on each list of care, each once.
select list, coalesce(sum(children), 0) as children
from mart.care_count
where period = $period and category = 'all'
  and ($jurisdiction in ('000000', county, prefecture, province) or county = 'unknown' and $with_unknown)
group by list
order by list_position(['left_behind', 'distressed', 'single_parent', 'key_care', 'key_care_proposed', 'not_enrolled'], list)
