-- estimated_case: one thing that may be amiss, numbered from 0. One row a case. Temporary.
-- reads   apart, doubtful, caught_once, unseen, caught, profile_source, cluster_part (temporary), link.cluster
-- params  least: cases less likely than this are left out; donors: at most so many profiles of a source stand for its unseen
-- kind    missed: two clusters that may be one; wrong: two cores of a cluster that may be two; lost: a profile that stands for
--         others like it that no rule caught; unseen: one that stands for those of its source that no rule could compare,
--         drawn by a hash so that the choice is always the same; p of these two is how many it stands for
-- owner   the cluster whose subgroups the case counts to: the larger of two
create or replace temp table estimated_case as
with size as (
    select part as cluster_id, sum(entries) as entries from cluster_part where kind = 'cluster' group by all
),
unseen_source as (
    select source, sum(cast(round(p * 1e9) as bigint)) / 1e9 as expected from unseen where p >= $least group by source
),
chosen as (
    select
        mine.profile_id, mine.source, cluster.cluster_id,
        row_number() over (partition by mine.source order by hash(mine.profile_id), mine.profile_id) as place,
        count(*) over (partition by mine.source) as profiles
    from caught
    join profile_source as mine using (profile_id)
    join unseen_source using (source)
    join link.cluster as cluster on cluster.profile_id = mine.profile_id
),
donor as (
    select profile_id, cluster_id, unseen_source.expected / least(profiles, $donors) as stands_for
    from chosen
    join unseen_source using (source)
    where place <= $donors
),
every as (
    select
        'missed' as kind, 'cluster' as part_kind, apart.one, apart.other, apart.p,
        case when a.entries >= b.entries then apart.one else apart.other end as owner
    from apart
    join size as a on a.cluster_id = apart.one
    join size as b on b.cluster_id = apart.other
    union all
    select 'wrong', 'core', one, other, q, cluster_id from doubtful where q >= $least
    union all
    select 'lost', 'profile', profile_id, profile_id, 1, cluster.cluster_id
    from caught_once
    join link.cluster as cluster using (profile_id)
    union all
    select 'unseen', 'profile', donor.profile_id, donor.profile_id, donor.stands_for, donor.cluster_id
    from donor
)
select (row_number() over (order by kind, one, other) - 1)::integer as case_no, every.* from every
