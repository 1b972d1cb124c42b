-- care.service_fact: what the conditions of services may ask of a child. One row a migrant child, a child who asked for help
-- and one who came of age away from the hukou county, where the residence county has a catalogue of services.
-- The columns are the facts of policy/services/vocabulary.yml, which says what each value means; null: not known.
-- reads: care.migrant_status, core.child, core.guardian, link.entry_child, std.place, std.education_enrolment,
--   std.public_security_residence, std.health_child_health, std.medical_insurance_enrolment,
--   std.medical_insurance_high_cost_alert, std.disabled_federation_rehabilitation, std.civil_affairs_field_visit,
--   std.civil_affairs_welfare, raw.receipt, policy.service_county
-- params: as_of, period
with came as (select feed || '/' || table_name as source from raw.receipt where status = 'landed'),
visited as (  -- the latest visit that says anything of it
    select
        tied.child_id,
        arg_max(visit.in_hardship, struct_pack(day := visit.visited_on, entry := visit.entry_id)) as in_hardship,
        arg_max(visit.lacks_guardianship, struct_pack(day := visit.visited_on, entry := visit.entry_id))
            as lacks_guardianship,
        arg_max(visit.behaviour_anomaly, struct_pack(day := visit.visited_on, entry := visit.entry_id))
            as behaviour_anomaly,
        arg_max(visit.dropped_out, struct_pack(day := visit.visited_on, entry := visit.entry_id)) as dropped_out,
        arg_max(visit.asked_for_help, struct_pack(day := visit.visited_on, entry := visit.entry_id)) as asked_for_help,
        coalesce(
            bool_or(visit.in_hardship or visit.lacks_guardianship or visit.is_vagrant or visit.behaviour_anomaly), false
        ) as is_key_care,
        list(visit.entry_id) as entries
    from link.entry_child as tied
    join std.civil_affairs_field_visit as visit using (entry_id)
    where visit.visited_on <= $as_of
    group by tied.child_id
),
asked as (
    select
        status.*, places.catalogue,
        case
            when status.status = 'migrant' then 'migrant'
            when status.status = 'out_of_age' then 'came_of_age'
            else 'asked_for_help'
        end as standing
    from care.migrant_status as status
    join policy.service_county as places on places.county = status.residence_codes[1]
    left join visited using (child_id)
    where status.status = 'migrant'
       or (status.status = 'out_of_age' and not list_has_any(status.hukou_codes, status.residence_codes))
       or (status.status <> 'out_of_age' and visited.asked_for_help)
),
tied as (select child_id, entry_id from link.entry_child semi join asked using (child_id)),
enrolled as (  -- the current enrolment, else what became of it
    select
        tied.child_id, pupil.entry_id, pupil.school_stage, pupil.grade,
        coalesce(pupil.enrolment_status, 'enrolled') as status
    from tied
    join std.education_enrolment as pupil using (entry_id)
    qualify row_number() over (
        partition by tied.child_id
        order by
            case coalesce(pupil.enrolment_status, 'enrolled')
                when 'enrolled' then 1 when 'suspended' then 2 when 'dropped_out' then 3 else 4
            end,
            pupil.enrolled_in desc nulls last, pupil.entry_id
    ) = 1
),
at_school as (  -- what any of the schools says
    select
        tied.child_id, bool_or(pupil.is_disabled_declared) as is_disabled,
        bool_or(pupil.hardship in ('extreme', 'hard', 'general')) as is_poor,
        list(pupil.entry_id) filter (where pupil.is_disabled_declared or pupil.hardship <> 'none') as entries
    from tied
    join std.education_enrolment as pupil using (entry_id)
    where coalesce(pupil.enrolment_status, 'enrolled') not in ('transferred_out', 'graduated')
    group by tied.child_id
),
permit as (
    select entry_id
    from std.public_security_residence
    where permit_issued_on <= $as_of
      and coalesce(permit_valid_to >= $as_of, true) and coalesce(cancelled_on > $as_of, true)
),
permitted as (
    select child_id, min(holder) as holder, list(entry_id) as entries  -- own before guardian's, by the alphabet's luck
    from (
        select tied.child_id, '1 own' as holder, tied.entry_id
        from tied
        semi join permit using (entry_id)
        join std.place as place on place.entry_id = tied.entry_id and place.kind = 'residence'
        join asked on asked.child_id = tied.child_id and list_has_any(place.codes, asked.residence_codes)
        union all
        select guardian.child_id, '2 guardian', permit.entry_id
        from core.guardian as guardian
        join permit on permit.entry_id = guardian.registration_entry_id
        join asked
            on asked.child_id = guardian.child_id and list_has_any(guardian.residence_codes, asked.residence_codes)
    )
    group by child_id
),
insured as (
    select
        tied.child_id, bool_or(list_has_any(place.codes, asked.residence_codes)) as is_here,
        list(tied.entry_id) as entries
    from tied
    join asked using (child_id)
    join std.medical_insurance_enrolment as insurance on insurance.entry_id = tied.entry_id
    left join std.place as place on place.entry_id = tied.entry_id and place.kind = 'insured'
    where coalesce(insurance.insurance_status, 'active') = 'active'
    group by tied.child_id
),
disabled as (
    select
        tied.child_id, list(tied.entry_id) as entries,
        arg_max(card.disability_grade, struct_pack(day := card.applied_on, entry := card.entry_id)) as grade
    from tied
    join std.disabled_federation_rehabilitation as card using (entry_id)
    group by tied.child_id
),
supported as (
    select
        tied.child_id, list(distinct welfare.welfare_kind) as kinds, list(tied.entry_id) as entries
    from tied
    join std.civil_affairs_welfare as welfare using (entry_id)
    where coalesce(welfare.started_on <= $as_of, true) and coalesce(welfare.ended_on >= $as_of, true)
    group by tied.child_id
),
treated as (
    select
        tied.child_id, bool_or(health.severe_mental_disorder) as severe_mental_disorder,
        list(tied.entry_id) filter (where health.severe_mental_disorder) as entries
    from tied
    join std.health_child_health as health using (entry_id)
    group by tied.child_id
),
alerted as (
    select tied.child_id, list(tied.entry_id) as entries
    from tied
    join std.medical_insurance_high_cost_alert as alert using (entry_id)
    where coalesce(alert.settled_on <= $as_of, true)
    group by tied.child_id
),
born as (  -- the last day that it can be
    select
        child_id, citizen_no is not null as has_citizen_no,
        case born_precision
            when 'month' then cast(date_trunc('month', born_on) + to_months(1) - to_days(1) as date)
            when 'year' then cast(date_trunc('year', born_on) + to_years(1) - to_days(1) as date)
            else born_on
        end as born_at_latest
    from core.child
),
listed as (
    select asked.child_id, coalesce(supported.kinds, []) as kinds, supported.entries
    from asked
    left join supported using (child_id)
    where supported.kinds is not null or (select bool_or(source = 'civil_affairs/welfare') from came)
)
select
    asked.child_id, $period as period, asked.catalogue, asked.standing,
    cast(greatest(
        year($as_of) - year(born.born_at_latest)
        - case
            when cast(born.born_at_latest + to_years(cast(year($as_of) - year(born.born_at_latest) as integer)) as date) > $as_of
            then 1 else 0
        end, 0
    ) as integer) as age_years,
    case when enrolled.status in ('enrolled', 'suspended') then enrolled.school_stage end as school_stage,
    case
        when enrolled.status in ('enrolled', 'suspended') and enrolled.school_stage is not null then
            case when enrolled.school_stage = 'primary' then regexp_full_match(enrolled.grade, '(小学?)?(一|1|01)(年级)?') else false end
    end as is_first_grade,
    case
        when visited.dropped_out and enrolled.status is distinct from 'enrolled' then 'dropped_out'
        when enrolled.status in ('enrolled', 'suspended', 'dropped_out') then enrolled.status
        when enrolled.status is not null or (select bool_or(source = 'education/enrolment') from came) then 'none'
    end as schooling,
    case
        when list_has_any(
            listed.kinds, ['minimum_living_allowance', 'low_income_margin', 'extreme_poverty_support']
        ) or at_school.is_poor then 'certified'
        when visited.in_hardship then 'told'
        when not at_school.is_poor or not visited.in_hardship then 'none'
    end as hardship,
    left(asked.hukou_codes[1], 2) = left(asked.residence_codes[1], 2) as hukou_in_province,
    case
        when permitted.holder = '1 own' then 'own'
        when permitted.holder is not null then 'guardian'
        when (select bool_or(source = 'public_security/residence') from came) then 'none'
    end as permit,
    born.has_citizen_no,
    case
        when insured.is_here then 'here'
        when insured.child_id is not null then 'elsewhere'
        when (select bool_or(source = 'medical_insurance/enrolment') from came) then 'none'
    end as insurance,
    case
        when disabled.child_id is not null then 'card'
        when at_school.is_disabled then 'declared'
        when (select bool_or(source = 'disabled_federation/rehabilitation') from came) then 'none'
    end as disability,
    cast(disabled.grade as integer) as disability_grade,
    list_contains(listed.kinds, 'orphan') as is_listed_orphan,
    list_contains(listed.kinds, 'de_facto_unattended') as is_listed_unsupported,
    list_contains(listed.kinds, 'hiv_infected') as is_listed_hiv,
    list_contains(listed.kinds, 'minimum_living_allowance') as is_listed_minimum_living,
    list_contains(listed.kinds, 'low_income_margin') as is_listed_low_income_margin,
    list_contains(listed.kinds, 'extreme_poverty_support') as is_listed_extreme_poverty,
    nullif(asked.accompanied, 'unknown') as company,
    visited.lacks_guardianship, visited.behaviour_anomaly, treated.severe_mental_disorder,
    case
        when alerted.child_id is not null then true
        when (select bool_or(source = 'medical_insurance/high_cost_alert') from came) then false
    end as has_high_cost_alert,
    coalesce(visited.is_key_care, false) as is_key_care,
    list_sort(list_distinct(flatten(list_filter(
        [
            asked.evidence, [enrolled.entry_id], at_school.entries, visited.entries, permitted.entries, insured.entries,
            disabled.entries, listed.entries, treated.entries, alerted.entries
        ],
        lambda entries: entries is not null
    )))) as evidence
from asked
join born using (child_id)
left join visited using (child_id)
left join enrolled using (child_id)
left join at_school using (child_id)
left join permitted using (child_id)
left join insured using (child_id)
left join disabled using (child_id)
left join listed using (child_id)
left join treated using (child_id)
left join alerted using (child_id)
