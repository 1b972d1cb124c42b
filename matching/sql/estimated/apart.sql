-- apart: two clusters between which there is a candidate pair, and how likely they are one. One row a pair of clusters. Temporary.
-- reads   likely_pair, cluster_number, cluster_part, single_source, judged_different (temporary), link.cluster
-- params  least: of pairs of clusters less likely than this, whichever way, none is kept
--         passes: of so many values typed wrong one passes for sound
-- p       the mean of their pairs' probabilities: the best of several is chosen for being too high. Where the clusters hold
--         different values of what a child has one of, or each a row of one single source, the least: one of the two must
--         then be wrong, so all else has to agree; most pairs don't see what the clusters show.
--         And two sound values say more than two that are near: twins' numbers are near too.
create or replace temp table apart as
with pair as (
    select
        least(l.cluster_id, r.cluster_id) as one, greatest(l.cluster_id, r.cluster_id) as other, scored.p_same
    from likely_pair as scored
    join link.cluster as l on l.profile_id = scored.left_profile
    join link.cluster as r on r.profile_id = scored.right_profile
    where l.cluster_id <> r.cluster_id
),
gathered as (
    select
        one, other, avg(cast(round(p_same * 1e9) as bigint)) / 1e9 as mean_p, min(p_same) as min_p  -- whole: no order of adding
    from pair
    group by all
    having max(p_same) >= $least
),
clash as (
    select distinct gathered.one, gathered.other, true as by_number
    from gathered
    join cluster_number as a on a.cluster_id = gathered.one
    join cluster_number as b on b.cluster_id = gathered.other and b.number <> a.number
    union
    select gathered.one, gathered.other, false
    from gathered
    join cluster_part as a on a.kind = 'cluster' and a.part = gathered.one
    join single_source on single_source.source = a.source
    join cluster_part as b on b.kind = 'cluster' and b.part = gathered.other and b.source = a.source
),
each as (
    select
        gathered.one, gathered.other,
        case when count(clash.one) = 0 then any_value(mean_p)
            when bool_or(by_number) then any_value(min_p / (min_p + $passes * (1 - min_p)))
            else any_value(min_p) end as p
    from gathered
    left join clash using (one, other)
    group by gathered.one, gathered.other
)
select one, other, p
from each
anti join judged_different using (one, other)
where p >= $least
