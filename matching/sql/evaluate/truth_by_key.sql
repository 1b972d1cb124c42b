-- truth_entry: the truth's rows with their entries, found by natural key. One row a row of the truth. Temporary.
-- reads   truth (temporary), std.entry
-- A key that several entries bear, or the truth gives to several children, can't say which is which: left out, counted.
create or replace temp table truth_entry as
with key as (
    select feed, table_name, key, min(entry_id) as entry_id, count(*) as bearers from std.entry group by all
),
said as (
    select feed, "table", coalesce(key, '') as key, min(coalesce(child, '')) as child, count(distinct coalesce(child, '')) as children
    from truth group by all
)
select
    said.child,
    case when key.bearers = 1 and said.children = 1 then key.entry_id end as entry_id,
    greatest(coalesce(key.bearers, 0), said.children) as bearers
from said
left join key on key.feed = said.feed and key.table_name = said."table" and key.key = said.key
