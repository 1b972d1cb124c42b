-- mart.county: the counties in which children of the period live or are registered, with the rule that holds there.
-- One row a county unit in force.
-- reads: policy.county, policy.migrant_rule, care.migrant_status
-- params: period
with living as (
    select
        code,
        cast(count(*) as integer) as children,
        cast(count(*) filter (where status = 'migrant') as integer) as migrants,
        cast(count(*) filter (where status = 'undetermined') as integer) as undetermined
    from (select unnest(residence_codes) as code, status from care.migrant_status where len(residence_codes) = 1)
    group by code
),
registered as (
    select code, cast(count(*) as integer) as hukou_children
    from (select unnest(hukou_codes) as code from care.migrant_status where len(hukou_codes) = 1)
    group by code
)
select
    $period as period, county.code, county.name, county.full_name, county.type, county.prefecture, county.province,
    rule.rule_id, rule.jurisdiction, rule.has_own_file,
    coalesce(living.children, 0) as children, coalesce(living.migrants, 0) as migrants,
    coalesce(living.undetermined, 0) as undetermined, coalesce(registered.hukou_children, 0) as hukou_children
from policy.county as county
join policy.migrant_rule as rule on rule.county = county.code
left join living using (code)
left join registered using (code)
where living.code is not null or registered.code is not null
order by county.code
