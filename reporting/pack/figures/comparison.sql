-- Left-behind children as the schools declare them and as the visits found them.
select known_to, count(*) filter (where is_visited) as visited, count(*) filter (where not is_visited) as not_visited,
    count(*) as children
from care.left_behind_comparison
where county is null and $with_unknown
   or county in (select code from policy.county where $jurisdiction in ('000000', code, prefecture, province))
group by known_to
order by list_position(['both', 'only_education', 'only_civil_affairs'], known_to)
