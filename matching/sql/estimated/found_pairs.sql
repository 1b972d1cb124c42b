-- found_pairs: pairs of entries that the clusters hold, by subgroup. One row a subgroup. Temporary.
-- reads   cluster_part, cluster_group (temporary)
create or replace temp table found_pairs as
with part as (
    select part as cluster_id, source, entries from cluster_part where kind = 'cluster'
),
between_tables as (
    select a.source as one, b.source as other, a.entries * b.entries as pairs
    from part as a
    join part as b on b.cluster_id = a.cluster_id and b.source > a.source
    union all
    select source, source, entries * (entries - 1) // 2 from part
),
whole as (
    select cluster_id, sum(entries) as entries from part group by cluster_id
)
select 'all' as dimension, 'all' as subgroup, coalesce(sum(entries * (entries - 1) // 2), 0)::bigint as pairs from whole
union all
select 'tables', one || ' × ' || other, sum(pairs)::bigint from between_tables group by all
union all
select held.dimension, held.subgroup, sum(entries * (entries - 1) // 2)::bigint
from whole
join cluster_group as held using (cluster_id)
group by all
