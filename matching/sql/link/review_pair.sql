-- link.review_pair: pairs of profiles a steward should look at, before they are gathered into cases. One row a pair.
-- reads   link.scored_pair, link.pattern, link.refused_pair, link.cluster, link.profile, decided (temporary: pairs already
--         judged), profile_number (temporary: values of which a cluster holds one)
-- kind    threshold: the score lies between the bands; guard: a guard asks for a person; margin: a rival is too near;
--         contradiction: a link that would put two children together; decision: two judgements contradict one another
-- Pairs between two clusters that already hold different sound numbers are not asked about, unless the number is the question:
-- an entry without a number that agrees with two children has gone to the better; a rival too near for that is margin's.
create or replace table link.review_pair as
with asked as (
    select left_profile, right_profile, case when guard = 'none' then 'threshold' else 'guard' end as kind
    from link.scored_pair
    where band = 'review'
    union all
    select left_profile, right_profile, reason as kind from link.refused_pair
),
first_asked as (
    select asked.left_profile, asked.right_profile, min(asked.kind) as kind, l.cluster_id as left_cluster, r.cluster_id as right_cluster
    from asked
    join link.cluster as l on l.profile_id = asked.left_profile
    join link.cluster as r on r.profile_id = asked.right_profile
    where l.cluster_id <> r.cluster_id
    group by all
),
asked_cluster as (
    select left_cluster as cluster_id from first_asked
    union
    select right_cluster from first_asked
),
numbered as (
    select cluster.cluster_id, list_sort(list_distinct(list(held.number))) as numbers
    from asked_cluster
    join link.cluster as cluster using (cluster_id)
    left join profile_number as held using (profile_id)
    group by cluster.cluster_id
)
select
    asked.left_cluster,
    asked.right_cluster,
    asked.left_profile,
    asked.right_profile,
    a.entry_id as left_entry_id,
    b.entry_id as right_entry_id,
    asked.kind,
    coalesce(scored.guard::varchar, 'none') as guard,
    scored.score,
    pattern.p_same,
    scored.pattern
from first_asked as asked
join link.profile as a on a.profile_id = asked.left_profile
join link.profile as b on b.profile_id = asked.right_profile
join numbered as n on n.cluster_id = asked.left_cluster
join numbered as m on m.cluster_id = asked.right_cluster
left join link.scored_pair as scored
    on scored.left_profile = asked.left_profile and scored.right_profile = asked.right_profile
left join link.pattern as pattern using (pattern)
where
    not exists (
        from decided where decided.left_profile = asked.left_profile and decided.right_profile = asked.right_profile
    )
    and (
        asked.kind = 'decision'
        or coalesce(scored.guard::varchar, 'none') in ('numbers_near', 'number_shared', 'twin_number')
        or len(n.numbers) = 0
        or len(m.numbers) = 0
        or list_has_any(n.numbers, m.numbers)
    )
order by asked.left_profile, asked.right_profile
