-- mart.link_quality: how entries came to their children. One row a table, ethnic group and way.
-- reads: std.entry, link.entry_child, core.child
-- params: period
with size as (select child_id, count(*) as entries from link.entry_child where child_id is not null group by child_id)
select
    $period as period, entry.feed, entry.table_name,
    case child.ethnic_code when '01' then 'han' when '04' then 'tibetan' when '05' then 'uyghur' when '03' then 'hui'
        else case when child.ethnic_code is null then 'unknown' else 'other' end end as ethnic_group,
    tied.how,
    cast(count(*) as integer) as entries,
    cast(count(*) filter (where size.entries > 1) as integer) as linked_entries,
    cast(count(distinct tied.child_id) as integer) as children,
    round(avg(cast(round(tied.score * 1000) as bigint)) / 1000, 2) as mean_score  -- whole numbers: no order of adding
from link.entry_child as tied
join std.entry as entry using (entry_id)
join core.child as child using (child_id)
join size using (child_id)
group by all
order by all
