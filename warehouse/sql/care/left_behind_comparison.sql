-- care.left_behind_comparison: left-behind children as the schools declare them beside those that visits found. One row a
-- child that either knows: the base comparison of education and civil affairs. A school's word counts for its pupils of now
-- that the rule's age takes in, as the visits' does.
-- reads: care.child, care.left_behind, core.schooling, core.visit, policy.left_behind_rule
-- params: as_of
-- by: child
with declared as (
    select roll.child_id, min(roll.entry) as entry
    from core.schooling as roll
    join care.child as child using (child_id)
    join policy.left_behind_rule as rule on rule.county = coalesce(child.hukou_codes[1], '000000')
    where roll.is_left_behind_declared and roll.enrolment_status in ('enrolled', 'suspended')
      and not coalesce(cast(child.born_at_latest + to_years(rule.younger_than_years) as date) <= $as_of, false)
    group by roll.child_id
),
visited as (select distinct child_id from core.visit where is_in_force)
select
    child.child_id, child.period,
    case
        when found.child_id is null then 'only_education'
        when declared.child_id is null then 'only_civil_affairs'
        else 'both'
    end as known_to,
    visited.child_id is not null as is_visited,
    child.hukou_county as county, child.hukou_township as township,
    declared.entry as education_evidence, found.evidence as civil_affairs_evidence
from care.child as child
left join declared using (child_id)
left join care.left_behind as found using (child_id)
left join visited using (child_id)
where declared.child_id is not null or found.child_id is not null
order by child.child_id
