-- Rows of carried_pair: profiles that carry facts of one child of an earlier period, each with the child's best. One row a profile but the best.
-- reads   link.profile_anchor, prior.known_anchor, link.scored_pair
-- params  anchors_from: least weight of facts for a profile to be held for a known child
--         ahead_by: by how much more of them than of any other child's
-- What this period's comparison forbids, or asks a person about for the sake of a number, is not carried.
with known_fact as (
    select held.profile_id, known.earlier_child_id as child_id, anchor, max(held.weight) as weight
    from link.profile_anchor as held
    join prior.known_anchor as known using (anchor)
    where known.earlier_child_id is not null
    group by all
),
held as (
    select profile_id, child_id, sum(weight)::integer as weight from known_fact group by profile_id, child_id
),
ranked as (
    select
        profile_id, child_id, weight,
        row_number() over (partition by profile_id order by weight desc, child_id) as place,
        coalesce(lead(weight) over (partition by profile_id order by weight desc, child_id), 0) as rival
    from held
),
known as (
    select profile_id, child_id, first_value(profile_id) over (partition by child_id order by weight desc, profile_id) as best
    from ranked
    where place = 1 and weight >= $anchors_from and weight - rival >= $ahead_by
)
select
    least(known.best, known.profile_id) as left_profile,
    greatest(known.best, known.profile_id) as right_profile
from known
left join link.scored_pair as scored
    on scored.left_profile = least(known.best, known.profile_id)
    and scored.right_profile = greatest(known.best, known.profile_id)
where known.profile_id <> known.best
    and coalesce(scored.band::varchar, 'none') <> 'forbid'
    and coalesce(scored.guard::varchar, 'none') not in ('numbers_near', 'number_shared', 'twin_number')
order by left_profile, right_profile
