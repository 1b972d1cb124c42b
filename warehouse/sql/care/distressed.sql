-- care.distressed: distressed children (困境儿童) by the rule of the county they live in, else of the hukou. One row a child
-- and category.
-- reads: care.child, core.circumstance, policy.distressed_rule, policy.care_trigger
-- params: as_of
-- by: child
select
    child.child_id, any_value(child.period) as period, trigger.category, min(told.since_on) as since,
    case when bool_and(told.until_on is not null) then max(told.until_on) end as until,
    list_sort(list_distinct(list(told.circumstance))) as circumstances,
    case
        when any_value(child.residence_codes) is not null then any_value(child.residence_county)
        else any_value(child.hukou_county)
    end as county,
    case
        when any_value(child.residence_codes) is not null then any_value(child.residence_township)
        else any_value(child.hukou_township)
    end as township,
    any_value(child.hukou_county) as hukou_county, any_value(child.status) as migrant_status,
    arg_max(told.feed || '/' || told.table_name, struct_pack(told_on := told.evidence_on, entry := told.entry)) as source,
    arg_max(told.entry, struct_pack(told_on := told.evidence_on, entry := told.entry)) as evidence,
    any_value(rule.rule_id) as rule_id, any_value(rule.clause) as clause
from care.child as child
join core.circumstance as told using (child_id)
join policy.distressed_rule as rule on rule.county = coalesce(child.residence_codes[1], child.hukou_codes[1], '000000')
join policy.care_trigger as trigger
    on trigger.rule_id = rule.categories_of and trigger.section = 'distressed' and trigger.trigger = told.circumstance
where told.holds
  and not coalesce(cast(child.born_at_latest + to_years(rule.younger_than_years) as date) <= $as_of, false)
group by child.child_id, trigger.category
order by child.child_id, trigger.category
