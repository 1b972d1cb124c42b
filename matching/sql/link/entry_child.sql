-- link.entry_child: which child an entry is about, and what says so. One row an entry that is not an adult's.
-- reads   link.entry_profile, link.profile, link.cluster, link.scored_pair, link.pattern, cluster_child and decided (temporary)
-- how     steward: a person joined it; number: a number in common with another of the child's entries; score: other evidence;
--         carried: known from an earlier period, and nothing of this one joins it; alone: the only entry
-- score   the best log2 odds that join the entry's profile to another of the cluster; null where there is none
create or replace table link.entry_child as
with linked as (
    select
        pair.left_profile, pair.right_profile, pair.score,
        pattern.number in ('equal', 'unverified_equal') or pattern.own_number = 'equal' as has_number
    from link.scored_pair as pair
    join link.pattern as pattern using (pattern)
    join link.cluster as l on l.profile_id = pair.left_profile
    join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
    where pair.band = 'link'
),
side as (
    select left_profile as profile_id, score, has_number from linked
    union all
    select right_profile, score, has_number from linked
),
evidence as (
    select profile_id, max(score) as score, bool_or(has_number) as has_number from side group by profile_id
),
judged as (
    select left_profile as profile_id from decided
    union
    select right_profile from decided
),
sized as (
    select cluster.cluster_id, sum(profile.entries) as entries, count(*) as profiles
    from link.cluster as cluster
    join link.profile as profile using (profile_id)
    group by cluster.cluster_id
)
select
    entry.entry_id,
    child.child_id,
    case
        when sized.entries = 1 and child.is_known then 'carried'
        when sized.entries = 1 then 'alone'
        when evidence.has_number then 'number'
        when judged.profile_id is not null and evidence.profile_id is null then 'steward'
        when sized.profiles > 1 and evidence.profile_id is null then 'carried'
        else 'score'
    end as how,
    evidence.score
from link.entry_profile as entry
join link.cluster as cluster using (profile_id)
join cluster_child as child using (cluster_id)
join sized using (cluster_id)
left join evidence using (profile_id)
left join judged using (profile_id)
order by entry.entry_id
