-- pair_between: what the machine makes of two clusters, best pair first; a pair it never compared where it compared none.
-- One row a pair of entries.
-- reads   link.scored_pair, link.pattern, case_entry (temporary)
-- params  left_cluster, right_cluster
with side as (select cluster_id, profile_id, min(entry_id) as entry_id from case_entry where key is not null group by all)
select
    one.cluster_id as left_cluster, other.cluster_id as right_cluster, one.profile_id as left_profile,
    other.profile_id as right_profile, one.entry_id as left_entry_id, other.entry_id as right_entry_id,
    'asked' as kind, coalesce(scored.guard::varchar, 'none') as guard, pattern.p_same, pattern.score, scored.worth,
    scored.band, pattern.* exclude (pattern, pairs, score, p_same)
from side as one
join side as other on one.cluster_id = $left_cluster and other.cluster_id = $right_cluster
left join link.scored_pair as scored
    on scored.left_profile = least(one.profile_id, other.profile_id)
    and scored.right_profile = greatest(one.profile_id, other.profile_id)
left join link.pattern as pattern using (pattern)
order by pattern.score desc nulls last, left_entry_id, right_entry_id
