-- caught: profiles in clusters with others, and the blocking rules that found any pair of it there. One row a profile. Temporary.
-- reads   likely_pair (temporary), link.cluster
create or replace temp table caught as
with inside as (
    select pair.left_profile, pair.right_profile, pair.rules
    from likely_pair as pair
    join link.cluster as l on l.profile_id = pair.left_profile
    join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
),
side as (
    select left_profile as profile_id, rules from inside union all select right_profile, rules from inside
)
select profile_id, bit_or(rules) as rules from side group by profile_id
