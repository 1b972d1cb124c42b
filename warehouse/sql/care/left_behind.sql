-- care.left_behind: rural left-behind children (农村留守儿童) by the rule of the hukou county. One row a child.
-- The latest visit says since when each parent is away and whether the other is capable. A child whose hukou doesn't tell
-- town from country isn't kept off: is_rural is then null. conflicts names what speaks against it; nothing is decided by it.
-- reads: care.child, core.visit, core.circumstance, core.schooling, core.guardian, policy.left_behind_rule
-- params: as_of
-- by: child
with latest as (
    select
        child_id, father_away_since, mother_away_since, other_parent_capable, living_with, visited_on, entry
    from core.visit
    where is_in_force  -- and says anything of the parents
      and (
          father_away_since is not null or mother_away_since is not null or other_parent_capable is not null
          or living_with is not null
      )
    qualify row_number() over (
        partition by child_id order by visited_on desc nulls last, visit_kind = 'in_home' desc, entry
    ) = 1
),
registered as (
    select child_id, list_distinct(list(split_part(circumstance, '/', 2))) as kinds
    from core.circumstance
    where circumstance like 'hukou/%'
    group by child_id
),
declared as (
    select child_id, bool_or(is_left_behind_declared) as is_declared
    from core.schooling
    where is_left_behind_declared is not null
    group by child_id
),
judged as (
    select
        child.*, latest.* exclude (child_id), rule.rule_id, rule.clause, rule.one_away_other_incapable,
        declared.is_declared,
        case
            when declared.is_declared then true
            when list_has_any(list_filter(registered.kinds, lambda kind: not list_contains(rule.urban_hukou, kind)), ['agricultural', 'non_agricultural'])
                then true
            when len(registered.kinds) > 0 and list_has_all(rule.urban_hukou, registered.kinds) then false
        end as is_rural,
        cast(
            $as_of - to_months(rule.away_at_least_months) - to_days(case when rule.boundary_included then 0 else 1 end)
            as date
        ) as away_at_latest
    from latest
    join care.child as child using (child_id)
    join policy.left_behind_rule as rule on rule.county = coalesce(child.hukou_codes[1], '000000')
    left join registered using (child_id)
    left join declared using (child_id)
    where not coalesce(cast(child.born_at_latest + to_years(rule.younger_than_years) as date) <= $as_of, false)
),
branched as (
    select
        *,
        case
            when father_away_since <= away_at_latest and mother_away_since <= away_at_latest then 'both_parents_away'
            when one_away_other_incapable and not other_parent_capable
                and (father_away_since <= away_at_latest or mother_away_since <= away_at_latest)
                then 'one_away_other_incapable'
        end as branch
    from judged
    where is_rural is distinct from false
),
parent_here as (
    select
        guardian.child_id, bool_or(guardian.relation = 'father') as father, bool_or(guardian.relation = 'mother') as mother
    from core.guardian as guardian
    join branched using (child_id)
    where guardian.relation in ('father', 'mother')
      and list_has_any(guardian.residence_codes, coalesce(branched.residence_codes, branched.hukou_codes))
    group by guardian.child_id
)
select
    branched.child_id, branched.period, branched.branch, branched.father_away_since, branched.mother_away_since,
    branched.other_parent_capable, branched.living_with, branched.is_rural, branched.visited_on as told_on,
    branched.hukou_county as county, branched.hukou_township as township, branched.hukou_codes, branched.residence_county,
    branched.residence_township, branched.status as migrant_status,
    list_filter(
        [
            case when branched.living_with = 'both_parents' then 'lives_with_both_parents' end,
            case when branched.father_away_since is not null and parent_here.father then 'father_registered_here' end,
            case when branched.mother_away_since is not null and parent_here.mother then 'mother_registered_here' end,
            case when not branched.is_declared then 'school_says_no' end,
            case when branched.status = 'migrant' then 'is_migrant_too' end
        ],
        lambda conflict: conflict is not null
    ) as conflicts,
    branched.entry as evidence, branched.rule_id, branched.clause
from branched
left join parent_here using (child_id)
where branched.branch is not null
order by branched.child_id
