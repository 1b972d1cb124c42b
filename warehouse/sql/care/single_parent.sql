-- care.single_parent: children of one parent (单亲家庭儿童), as the latest visit says. One row a child.
-- regular_monitoring: a behaviour anomaly or want of guardianship was found too (常态化监测).
-- reads: care.child, core.circumstance, policy.single_parent_rule
-- params: as_of
-- by: child
with watched as (
    select distinct child_id from core.circumstance
    where holds and circumstance in (
        'visit/behaviour_anomaly', 'visit/lacks_guardianship', 'visit/living_alone', 'health/severe_mental_disorder'
    )
)
select
    child.child_id, any_value(child.period) as period, max(told.told_on) as told_on,
    bool_or(watched.child_id is not null) as regular_monitoring,
    case
        when any_value(child.residence_codes) is not null then any_value(child.residence_county)
        else any_value(child.hukou_county)
    end as county,
    case
        when any_value(child.residence_codes) is not null then any_value(child.residence_township)
        else any_value(child.hukou_township)
    end as township,
    any_value(child.hukou_county) as hukou_county, any_value(child.status) as migrant_status,
    max(told.contradicted_by) as contradicted_by,
    arg_max(told.entry, struct_pack(told_on := told.evidence_on, entry := told.entry)) as evidence,
    any_value(rule.rule_id) as rule_id, any_value(rule.clause) as clause
from care.child as child
join core.circumstance as told using (child_id)
join policy.single_parent_rule as rule on rule.county = coalesce(child.residence_codes[1], child.hukou_codes[1], '000000')
left join watched using (child_id)
where told.circumstance = 'visit/single_parent' and told.holds
  and not coalesce(cast(child.born_at_latest + to_years(rule.younger_than_years) as date) <= $as_of, false)
group by child.child_id
order by child.child_id
