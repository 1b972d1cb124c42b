-- split: two clusters that hold entries of one child, and what kept them apart. One row a child and pair of clusters. Temporary.
-- reads   true_pair (temporary), link.scored_pair, link.pattern, link.refused_pair, link.review_pair, std.entry
-- stage   how far the best of its pairs of entries came on the way to a link:
--         adult: we hold one of them for an adult; not blocked: no rule made any of them a candidate;
--         below: scored under the review band; guard …: a guard forbids; review, not asked: in the band, but no case;
--         refused …: a link that clustering refused; in queue …: a steward is asked, and why
create or replace temp table split as
with apart as (
    select
        pair.*,
        scored.left_profile is not null as is_blocked,
        scored.band::varchar as band,
        scored.guard::varchar as guard,
        scored.score,
        scored.rules,
        refused.reason,
        asked.case_id,
        asked.kind,
        concat_ws(' ',
            'name:' || nullif(pattern.name::varchar, 'missing'), 'birth:' || nullif(pattern.birth::varchar, 'missing'),
            'sex:' || nullif(nullif(pattern.sex::varchar, 'missing'), 'equal'),
            'number:' || nullif(pattern.number::varchar, 'missing'),
            'own_number:' || nullif(pattern.own_number::varchar, 'missing'),
            'guardian_no:' || nullif(pattern.guardian_no::varchar, 'missing'),
            'guardian_name:' || nullif(pattern.guardian_name::varchar, 'missing'),
            'phone:' || nullif(pattern.phone::varchar, 'missing'), 'address:' || nullif(pattern.address::varchar, 'missing'),
            'hukou:' || nullif(pattern.hukou_county::varchar, 'missing'),
            'residence:' || nullif(pattern.residence_county::varchar, 'missing'),
            'tables:' || nullif(pattern.tables::varchar, 'other')
        ) as levels
    from true_pair as pair
    left join link.scored_pair as scored
        on scored.left_profile = least(pair.left_profile, pair.right_profile)
        and scored.right_profile = greatest(pair.left_profile, pair.right_profile)
    left join link.pattern as pattern using (pattern)
    left join (select left_profile, right_profile, min(reason) as reason from link.refused_pair group by all) as refused
        on refused.left_profile = scored.left_profile and refused.right_profile = scored.right_profile
    left join link.review_pair as asked
        on asked.left_profile = scored.left_profile and asked.right_profile = scored.right_profile
    where not pair.is_found
),
staged as (
    select
        *,
        case
            when left_profile is null or right_profile is null then 'adult'
            when not is_blocked then 'not blocked'
            when case_id is not null then 'in queue ' || kind || case when guard <> 'none' then ' ' || guard else '' end
            when reason is not null then 'refused ' || reason
            when band = 'forbid' then 'guard ' || guard
            when band = 'review' then 'review, not asked' || case when guard <> 'none' then ' ' || guard else '' end
            when band = 'link' then 'link, apart by others'
            else 'below'
        end as stage,
        case
            when case_id is not null then 7
            when reason is not null then 6
            when band = 'link' then 5
            when band = 'review' then 4
            when is_blocked and band <> 'forbid' then 3
            when is_blocked then 2
            when left_profile is not null and right_profile is not null then 1
            else 0
        end as came
    from apart
)
select
    child,
    least(left_found, right_found) as one,
    greatest(left_found, right_found) as other,
    count(*) as pairs,
    count(*) filter (is_linkable) as linkable,
    bool_or(by_number) as by_number,
    bool_or(by_name_and_birth) as by_name_and_birth,
    bool_or(by_name_and_guardian) as by_name_and_guardian,
    bool_or(coalesce(band = 'forbid', false)) as is_forbidden,
    any_value(guard order by guard) filter (band = 'forbid') as forbidden_by,
    max(came) = 7 as is_in_queue,
    arg_max(stage, (came, coalesce(score, -999), -left_entry, -right_entry)) as stage,
    arg_max(score, (came, coalesce(score, -999), -left_entry, -right_entry)) as score,
    arg_max(levels, (came, coalesce(score, -999), -left_entry, -right_entry)) as levels,
    arg_max(sources, (came, coalesce(score, -999), -left_entry, -right_entry)) as sources,
    arg_max(left_entry, (came, coalesce(score, -999), -left_entry, -right_entry)) as left_entry,
    arg_max(right_entry, (came, coalesce(score, -999), -left_entry, -right_entry)) as right_entry
from staged
group by all
