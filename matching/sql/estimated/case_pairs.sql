-- case_pairs: pairs of entries that hang on a case, by subgroup. One row a case and subgroup. Temporary.
-- reads   estimated_case, cluster_part, profile_source, cluster_group (temporary), link.cluster
-- A pair counts to the groups of the larger cluster of its case, and to the two tables of its entries.
-- What a profile that stands for others would pair with is its own cluster.
create or replace temp table case_pairs as
with between_parts as (
    select each.case_no, each.owner, a.source as one, b.source as other, a.entries * b.entries as pairs
    from estimated_case as each
    join cluster_part as a on a.kind = each.part_kind and a.part = each.one
    join cluster_part as b on b.kind = each.part_kind and b.part = each.other
    where each.part_kind <> 'profile'
    union all
    select each.case_no, each.owner, mine.source, source.source, mine.entries * source.entries
    from estimated_case as each
    join profile_source as mine on mine.profile_id = each.one
    join link.cluster as mate on mate.cluster_id = each.owner and mate.profile_id <> each.one
    join profile_source as source on source.profile_id = mate.profile_id
    where each.part_kind = 'profile'
)
select case_no, 'all' as dimension, 'all' as subgroup, sum(pairs)::bigint as pairs from between_parts group by all
union all
select case_no, 'tables', least(one, other) || ' × ' || greatest(one, other), sum(pairs)::bigint from between_parts group by all
union all
select case_no, held.dimension, held.subgroup, sum(pairs)::bigint
from between_parts
join cluster_group as held on held.cluster_id = between_parts.owner
group by all
