-- subgroup_truth: precision and recall of pairs by the subgroups of link.estimated_quality. One row a subgroup and measure. Temporary.
-- reads   judged, truth_child, truth_residence, cluster_group (temporary), link.entry_child, link.entry_profile, link.cluster
-- params  as_of: the reference date
-- A true pair counts to the group its child truly is in, a found one to the group that its cluster gives.
create or replace temp table subgroup_truth as
with child_group as (
    select distinct child, 'all' as dimension, 'all' as subgroup from judged
    union all
    select child, 'ethnic_group', case ethnic when '01' then 'han' when '04' then 'tibetan' when '05' then 'uyghur'
        when '03' then 'hui' else case when ethnic <> '' then 'other' else 'unknown' end end
    from truth_child
    union all
    select child, 'age', case when born is null then 'unknown'
        when born > $as_of::date - interval 3 year then '0-2' when born > $as_of::date - interval 6 year then '3-5'
        when born > $as_of::date - interval 12 year then '6-11' when born > $as_of::date - interval 16 year then '12-15'
        else '16-17' end
    from truth_child
    union all
    select child, 'county', residence from truth_residence
),
cluster_of as (
    select child.child_id as found, min(cluster.cluster_id) as cluster_id
    from link.entry_child as child
    join link.entry_profile as held using (entry_id)
    join link.cluster as cluster using (profile_id)
    group by child.child_id
),
found_group as (
    select cluster_of.found, held.dimension, held.subgroup
    from cluster_of join cluster_group as held using (cluster_id)
    union all
    select found, 'all', 'all' from cluster_of
),
cell as (
    select child, found, source, count(*) as n from judged group by all
),
whole as (
    select child, found, sum(n) as n from cell group by all
),
true_pairs as (
    select child, sum(n * (n - 1) // 2) as right_pairs, sum(n) as n from whole where child not like 'adult %' group by child
),
found_pairs as (
    select found, sum(n * (n - 1) // 2) as right_pairs, sum(n) as n from whole group by found
),
between_cells as (
    select
        least(a.source, b.source) || ' × ' || greatest(a.source, b.source) as subgroup,
        a.child = b.child as is_true, a.found = b.found as is_found,
        case when (a.source, a.child, a.found) = (b.source, b.child, b.found) then a.n * (a.n - 1) // 2 else a.n * b.n end as pairs
    from cell as a
    join cell as b
        on (a.child = b.child or a.found = b.found) and (a.source, a.child, a.found) <= (b.source, b.child, b.found)
),
by_tables as (
    select
        subgroup, coalesce(sum(pairs) filter (is_true and is_found), 0) as right_pairs,
        coalesce(sum(pairs) filter (is_true), 0) as true_pairs, coalesce(sum(pairs) filter (is_found), 0) as found_pairs
    from between_cells
    group by subgroup
)
select 'recall' as measure, dimension, subgroup, sum(right_pairs)::bigint as right_pairs, sum(n * (n - 1) // 2)::bigint as pairs
from true_pairs join child_group using (child)
group by all
union all
select 'precision', dimension, subgroup, sum(right_pairs)::bigint, sum(n * (n - 1) // 2)::bigint
from found_pairs join found_group using (found)
group by all
union all
select 'recall', 'tables', subgroup, right_pairs::bigint, true_pairs::bigint from by_tables
union all
select 'precision', 'tables', subgroup, right_pairs::bigint, found_pairs::bigint from by_tables
