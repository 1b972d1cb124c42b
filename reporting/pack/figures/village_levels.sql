-- Villages, or the finest places known, by how many left-behind and distressed children they have.
select place_kind, level, count(*) as places, coalesce(sum(distinct_children), 0) as children
from care.village_load
where distinct_children > 0
  and (county is null and $with_unknown
      or county in (select code from policy.county where $jurisdiction in ('000000', code, prefecture, province)))
group by place_kind, level
order by list_position(['village', 'township', 'county'], place_kind), list_position(['over', 'watch', 'none'], level)
