-- link.entry_child: which child an entry is about, and what says so. One row an entry that is not an adult's.
-- reads   link.entry_profile, link.cluster, link.scored_pair, cluster_child (temporary), decided (temporary)
-- how     steward: a person joined it; number: a number in common with another of the child's entries; score: other evidence;
--         carried: known from an earlier period, and nothing of this one joins it; alone: the only entry
-- score   the best log2 odds that join the entry's profile to another of the cluster; null where there is none
create or replace table link.entry_child as
with joined as (
    select pair.*, l.cluster_id
    from link.scored_pair as pair
    join link.cluster as l on l.profile_id = pair.left_profile
    join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
),
side as (
    select left_profile as profile_id, score, number, own_number, band from joined
    union all
    select right_profile, score, number, own_number, band from joined
),
evidence as (
    select
        profile_id,
        max(score) filter (band = 'link') as score,
        bool_or(band = 'link' and (number in ('equal', 'unverified_equal') or own_number = 'equal')) as has_number,
        bool_or(band = 'link') as has_link
    from side
    group by profile_id
),
judged as (
    select left_profile as profile_id from decided
    union
    select right_profile from decided
),
sized as (
    select cluster_id, count(*) as entries, count(distinct profile_id) as profiles
    from link.cluster
    join link.entry_profile using (profile_id)
    group by cluster_id
)
select
    entry.entry_id,
    child.child_id,
    case
        when sized.entries = 1 and child.is_known then 'carried'
        when sized.entries = 1 then 'alone'
        when coalesce(evidence.has_number, false) then 'number'
        when judged.profile_id is not null and not coalesce(evidence.has_link, false) then 'steward'
        when sized.profiles > 1 and not coalesce(evidence.has_link, false) then 'carried'
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
