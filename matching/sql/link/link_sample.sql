-- drawn_link: links that the machine made by itself, drawn by chance from each band, for people to verify. One row a pair of profiles. Temporary.
-- reads   link.scored_pair, link.pattern, link.cluster, link.profile, std.entry, decided (temporary: pairs that people joined)
-- params  period; drawn: of a band at most; sure_from: a score in log2 odds; part: the greatest hash of a profile that is drawn
-- link_band  number: equal numbers of their own; sure: a score from sure_from; near: less
-- links      how many the band has
-- Which are drawn hangs on the entries' natural keys, hashed once a profile: texts of a million pairs would cost seconds. Of many
-- profiles a part is drawn first, whose links among themselves are as good a sample.
create or replace temp table drawn_link as
with hashed as (
    select profile.profile_id, md5_number_lower($period || entry.feed || '/' || entry.table_name || '/' || entry.key) as draw
    from link.profile as profile
    join std.entry as entry using (entry_id)
    where entry.key <> ''
),
part as (
    from hashed where draw <= $part
),
linked as materialized (
    select
        pair.left_profile, pair.right_profile, l.cluster_id, pair.score + pair.worth as score, pair.pattern,
        case
            when coalesce(pattern.number in ('equal', 'unverified_equal') or pattern.own_number = 'equal', false) then 'number'
            when pair.score + pair.worth >= $sure_from then 'sure'
            else 'near'
        end as link_band
    from link.scored_pair as pair
    join link.pattern as pattern using (pattern)
    join link.cluster as l on l.profile_id = pair.left_profile
    join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
    anti join decided on decided.left_profile = pair.left_profile and decided.right_profile = pair.right_profile
    where pair.band = 'link'
),
band as (select link_band, count(*) as links from linked group by link_band),
half_drawn as materialized (  -- one end at a time: both at once would be held against one another before the links are
    select linked.*, part.draw as left_draw from linked join part on part.profile_id = linked.left_profile
),
drawn as (
    select pair.link_band, unnest(arg_min(pair, xor(pair.left_draw, part.draw), $drawn)) as pair
    from half_drawn as pair
    join part on part.profile_id = pair.right_profile and part.draw <> pair.left_draw
    group by pair.link_band
)
select
    drawn.link_band, drawn.pair.cluster_id, drawn.pair.left_profile, drawn.pair.right_profile,
    l.entry_id as left_entry_id, r.entry_id as right_entry_id, drawn.pair.score, 1 / (1 + 2 ** -drawn.pair.score) as p_same,
    drawn.pair.pattern, band.links,
    list_sort([a.feed || '/' || a.table_name || '/' || a.key, b.feed || '/' || b.table_name || '/' || b.key]) as keys
from drawn
join band using (link_band)
join link.profile as l on l.profile_id = drawn.pair.left_profile
join link.profile as r on r.profile_id = drawn.pair.right_profile
join std.entry as a on a.entry_id = l.entry_id
join std.entry as b on b.entry_id = r.entry_id
