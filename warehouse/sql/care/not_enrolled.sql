-- care.not_enrolled: children of school age that live here and are on no school's roll. One row a child.
-- why: never_seen, or what the last roll says of a child that left. Who finished junior school is past it; who finished
-- primary school waits for the next school year. Where no roll of the county came, nobody there is listed.
-- reads: care.child, core.residence, core.schooling, policy.school_age_rule
-- params: as_of
with rolls as (
    select
        child_id,
        bool_or(enrolment_status in ('enrolled', 'suspended') and school_stage is distinct from 'preschool') as is_at_school,
        bool_or(enrolment_status = 'graduated' and school_stage in ('junior', 'senior', 'vocational')) as is_finished,
        bool_or(enrolment_status = 'graduated' and school_stage = 'primary' and carried_periods = 0) as is_between,
        arg_max(
            case when enrolment_status in ('enrolled', 'suspended') then 'preschool' else enrolment_status end,
            struct_pack(enrolled_in := coalesce(enrolled_in, date '0001-01-01'), entry := entry)
        ) as why,
        arg_max(entry, struct_pack(enrolled_in := coalesce(enrolled_in, date '0001-01-01'), entry := entry)) as entry
    from core.schooling
    group by child_id
),
came as (  -- the counties of which a roll came
    select coalesce(bool_or(school_county is null), false) as is_anywhere, list(distinct school_county) as counties
    from core.schooling
),
aged as (
    select
        child.*, rule.rule_id, rule.clause, rule.from_years, rule.years_of_schooling, rule.begins_in_month,
        -- the day before the last first day of a school year
        make_date(
            year($as_of) - case when month($as_of) < rule.begins_in_month then 1 else 0 end, rule.begins_in_month, 1
        ) - 1 as entered_on
    from care.child as child
    join policy.school_age_rule as rule on rule.county = coalesce(child.residence_codes[1], '000000')
    where child.is_here and child.born_at_latest is not null
)
select
    aged.child_id, aged.period, coalesce(rolls.why, 'never_seen') as why, aged.age_years, aged.born_at_latest,
    aged.residence_county as county, aged.residence_township as township, aged.status as migrant_status,
    coalesce(rolls.entry, residence.entry) as evidence, aged.rule_id, aged.clause
from aged
cross join came
left join rolls using (child_id)
left join core.residence as residence on residence.child_id = aged.child_id and residence.is_chosen
where (came.is_anywhere or coalesce(list_has_any(aged.residence_codes, came.counties), false))
  and not coalesce(rolls.is_at_school or rolls.is_finished, false)
  and not (coalesce(rolls.is_between, false) and month($as_of) < aged.begins_in_month)
  and cast(aged.born_at_latest + to_years(aged.from_years) as date) <= aged.entered_on
  and cast(aged.born_at_latest + to_years(aged.from_years + aged.years_of_schooling) as date) > aged.entered_on
order by aged.child_id
