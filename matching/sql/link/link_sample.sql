-- drawn_link: links that the machine made by itself, drawn by chance from each band, for people to verify. One row a pair of profiles. Temporary.
-- reads   link.scored_pair, link.pattern, link.cluster, link.entry_profile, std.entry, decided (temporary: pairs that people joined)
-- params  period; drawn: of a band at most; sure_from: a score in log2 odds
-- band    number: equal numbers of their own; sure: a score from sure_from; near: less
-- links   how many the band has
create or replace temp table drawn_link as
with named as (
    select of_profile.profile_id, min(entry.entry_id) as entry_id, arg_min(entry.feed || '/' || entry.table_name || '/' || entry.key, entry.entry_id) as key
    from link.entry_profile as of_profile
    join std.entry as entry using (entry_id)
    where entry.key <> ''
    group by of_profile.profile_id
),
linked as (
    select
        pair.left_profile, pair.right_profile, l.cluster_id, pair.score + pair.worth as score, pair.pattern,
        a.entry_id as left_entry_id, b.entry_id as right_entry_id, list_sort([a.key, b.key]) as keys,
        case
            when coalesce(pattern.number in ('equal', 'unverified_equal') or pattern.own_number = 'equal', false) then 'number'
            when pair.score + pair.worth >= $sure_from then 'sure'
            else 'near'
        end as link_band
    from link.scored_pair as pair
    join link.pattern as pattern using (pattern)
    join link.cluster as l on l.profile_id = pair.left_profile
    join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
    join named as a on a.profile_id = pair.left_profile
    join named as b on b.profile_id = pair.right_profile
    anti join decided on decided.left_profile = pair.left_profile and decided.right_profile = pair.right_profile
    where pair.band = 'link' and a.key <> b.key
)
select
    link_band, cluster_id, left_profile, right_profile, left_entry_id, right_entry_id, score,
    1 / (1 + 2 ** -score) as p_same, pattern, keys, count(*) over (partition by link_band) as links
from linked
qualify row_number() over (
    partition by link_band order by md5_number_lower($period || '|' || keys[1] || '|' || keys[2]), left_profile, right_profile
) <= $drawn
