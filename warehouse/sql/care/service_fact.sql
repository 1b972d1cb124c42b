-- care.service_fact: what the conditions of services may ask of a child who lives here. One row a migrant child, a child with
-- whom nobody lives, a child who asked for help and one who came of age away from the hukou county, where the residence county has a catalogue of services.
-- The columns are the facts of policy/services/vocabulary.yml, which says what each value means; null: not known.
-- Where a table didn't come, what it told or didn't tell in the last period stands as long as any fact is carried over
-- (carried); of a permit or an insurance only where the child still lives in that county.
-- reads: care.child, care.migrant_status, care.key_care, core.child, core.circumstance, core.visit, core.schooling,
--   core.guardian, link.entry_child, std.entry, std.place, std.education_enrolment, std.public_security_residence,
--   std.medical_insurance_enrolment, std.health_child_health, raw.receipt, core.child_redirect, prior.service_fact,
--   prior.migrant_status, policy.service_county, policy.migrant_rule
-- params: as_of, period
-- by: child
with came as (  -- whether a table is silent of a child, or wasn't there to speak
    select
        coalesce(bool_or(feed = 'education'), false) as schools,
        coalesce(bool_or(feed = 'public_security' and table_name = 'residence'), false) as registrations,
        coalesce(bool_or(feed = 'medical_insurance' and table_name = 'enrolment'), false) as insurances,
        coalesce(bool_or(feed = 'medical_insurance' and table_name = 'high_cost_alert'), false) as alerts,
        coalesce(bool_or(feed = 'disabled_federation'), false) as cards,
        coalesce(bool_or(feed = 'civil_affairs' and table_name = 'welfare'), false) as welfare,
        coalesce(bool_or(feed = 'civil_affairs' and table_name = 'field_visit'), false) as visits
    from raw.receipt
    where status = 'landed'
),
ledger as (
    select child_id, bool_or(category = 'asked_for_help') as has_asked
    from care.key_care
    where state <> 'closed'
    group by child_id
),
asked as (
    select
        child.child_id, child.age_years, child.hukou_codes, child.residence_codes, places.catalogue,
        ledger.child_id is not null as is_key_care,
        case child.status
            when 'migrant' then 'migrant'
            when 'out_of_age' then 'came_of_age'
            when 'unaccompanied' then 'unaccompanied'
            else 'asked_for_help'
        end as standing
    from care.child as child
    join policy.service_county as places on places.county = child.residence_codes[1]
    left join ledger using (child_id)
    where child.is_here
      and case child.status
          when 'migrant' then true
          when 'unaccompanied' then true
          when 'out_of_age' then child.age_years < 18 and not list_has_any(child.hukou_codes, child.residence_codes)
          else ledger.has_asked
      end
),
told as (  -- what the feeds tell in a child's favour
    select
        child_id,
        bool_or(circumstance = 'welfare/orphan') as orphan,
        bool_or(circumstance = 'welfare/de_facto_unattended') as unsupported,
        bool_or(circumstance = 'welfare/hiv_infected') as hiv,
        bool_or(circumstance = 'welfare/minimum_living_allowance') as minimum_living,
        bool_or(circumstance = 'welfare/low_income_margin') as low_income_margin,
        bool_or(circumstance = 'welfare/extreme_poverty_support') as extreme_poverty,
        bool_or(circumstance like 'enrolment/hardship_%') as poor_at_school,
        bool_or(circumstance = 'enrolment/is_disabled_declared') as disabled_at_school,
        bool_or(circumstance like 'card/%') as has_card,
        min(try_cast(right(circumstance, 1) as integer)) filter (where circumstance like 'card/grade_%') as grade,
        bool_or(circumstance like 'alert/%') as has_alert,
        bool_or(circumstance = 'health/severe_mental_disorder') as severe_mental_disorder,
        bool_or(circumstance = 'visit/in_hardship') as in_hardship,
        bool_or(circumstance = 'visit/lacks_guardianship') as lacks_guardianship,
        bool_or(circumstance = 'visit/behaviour_anomaly') as behaviour_anomaly,
        bool_or(circumstance = 'visit/dropped_out') as dropped_out,
        list(distinct entry) filter (where not starts_with(circumstance, 'hukou/')) as entries
    from core.circumstance
    semi join asked using (child_id)
    where holds
    group by child_id
),
emergency as (  -- the last that a visit in force tells of
    select
        child_id, arg_max(
            case when len(emergency_codes) = 1 then emergency_codes[1] else 'unclear' end,
            struct_pack(visited_on := coalesce(visited_on, date '0001-01-01'), entry := entry)
        ) as county
    from core.visit
    where is_in_force and emergency_codes is not null
    group by child_id
),
visited as (  -- what a visit was asked at all
    select
        child_id, count(in_hardship) > 0 as asked_hardship, count(lacks_guardianship) > 0 as asked_guardianship,
        count(behaviour_anomaly) > 0 as asked_behaviour
    from core.visit
    where is_in_force
    group by child_id
),
schooled as (  -- the current enrolment, else what became of it
    select
        schooling.child_id, schooling.school_stage, schooling.enrolment_status, schooling.entry, pupil.grade,
        bool_or(schooling.hardship = 'none') over (partition by schooling.child_id) as not_poor
    from core.schooling as schooling
    semi join asked using (child_id)
    left join std.education_enrolment as pupil using (entry_id)
    qualify row_number() over (
        partition by schooling.child_id
        order by
            case schooling.enrolment_status when 'enrolled' then 1 when 'suspended' then 2 when 'dropped_out' then 3 else 4 end,
            schooling.carried_periods, schooling.enrolled_in desc nulls last, schooling.entry
    ) = 1
),
tied as (select child_id, entry_id from link.entry_child semi join asked using (child_id)),
permit as (
    select entry_id
    from std.public_security_residence
    where permit_issued_on <= $as_of
      and coalesce(permit_valid_to >= $as_of, true) and coalesce(cancelled_on > $as_of, true)
),
permitted as (
    select child_id, bool_or(is_own) as is_own, list(entry_id) as entry_ids
    from (
        select tied.child_id, true as is_own, tied.entry_id
        from tied
        semi join permit using (entry_id)
        join std.place as place on place.entry_id = tied.entry_id and place.kind = 'residence'
        join asked on asked.child_id = tied.child_id and list_has_any(place.codes, asked.residence_codes)
        union all
        select guardian.child_id, false, permit.entry_id
        from core.guardian as guardian
        join permit on permit.entry_id = guardian.registration_entry_id
        join asked
            on asked.child_id = guardian.child_id and list_has_any(guardian.residence_codes, asked.residence_codes)
    )
    group by child_id
),
insured as (
    select
        tied.child_id, coalesce(bool_or(list_has_any(place.codes, asked.residence_codes)), false) as is_here,
        list(tied.entry_id) as entry_ids
    from tied
    join asked using (child_id)
    join std.medical_insurance_enrolment as insurance on insurance.entry_id = tied.entry_id
    left join std.place as place on place.entry_id = tied.entry_id and place.kind = 'insured'
    where coalesce(insurance.insurance_status, 'active') = 'active'
    group by tied.child_id
),
treated as (
    select tied.child_id, bool_or(not health.severe_mental_disorder) as not_severe
    from tied
    join std.health_child_health as health using (entry_id)
    group by tied.child_id
),
earlier as (
    select
        coalesce(redirect.to_child_id, before.child_id) as child_id, before.* exclude (child_id), lived.residence_codes
    from prior.service_fact as before
    left join prior.migrant_status as lived using (child_id)
    left join core.child_redirect as redirect on redirect.child_id = before.child_id
    qualify row_number() over (
        partition by coalesce(redirect.to_child_id, before.child_id) order by before.child_id
    ) = 1
),
silent as (select feed || '/' || table_name as source from raw.receipt where status <> 'landed'),
last_told as (
    select
        earlier.child_id, silent.source,
        coalesce(
            split_part(list_filter(earlier.carried, lambda each: starts_with(each, silent.source || '@'))[1], '@', 2),
            earlier.period
        ) as period
    from earlier
    cross join silent
),
kept as (  -- tables whose word of an earlier period still stands
    select child_id, list(source order by source) as sources, list(source || '@' || period order by source) as carried
    from last_told
    where cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
        - cast(left(period, 4) as integer) * 2 - cast(right(period, 1) as integer)
        <= (select carried_periods from policy.migrant_rule where county = '000000')
    group by child_id
),
lasting as (
    select
        asked.child_id, kept.carried,
        case when list_contains(kept.sources, 'education/enrolment') then earlier.schooling end as schooling,
        case
            when list_contains(kept.sources, 'public_security/residence')
                and list_has_any(earlier.residence_codes, asked.residence_codes) then earlier.permit
        end as permit,
        case
            when list_contains(kept.sources, 'medical_insurance/enrolment')
                and list_has_any(earlier.residence_codes, asked.residence_codes) then earlier.insurance
        end as insurance,
        list_contains(kept.sources, 'disabled_federation/rehabilitation') and earlier.disability = 'none' as had_no_card,
        -- what these told is carried by core.circumstance; here only that they could have told
        list_contains(kept.sources, 'medical_insurance/high_cost_alert') and earlier.has_high_cost_alert is not null
            as alerts_came,
        list_contains(kept.sources, 'civil_affairs/welfare') and earlier.is_listed_orphan is not null as welfare_came
    from asked
    join earlier using (child_id)
    join kept using (child_id)
),
shown as (  -- the entries behind permit and insurance
    select child_id, list(entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no) as entries
    from (
        select child_id, unnest(entry_ids) as entry_id from permitted
        union
        select child_id, unnest(entry_ids) from insured
    )
    join std.entry as entry using (entry_id)
    group by child_id
)
select
    asked.child_id, $period as period, asked.catalogue, asked.standing, greatest(asked.age_years, 0) as age_years,
    case when schooled.enrolment_status in ('enrolled', 'suspended') then schooled.school_stage end as school_stage,
    case
        when schooled.enrolment_status not in ('enrolled', 'suspended') then null
        when schooled.school_stage <> 'primary' then false
        else regexp_full_match(schooled.grade, '(小学?)?(一|1|01)(年级)?')
    end as is_first_grade,
    case
        when told.dropped_out and schooled.enrolment_status is distinct from 'enrolled' then 'dropped_out'
        when schooled.enrolment_status in ('enrolled', 'suspended', 'dropped_out') then schooled.enrolment_status
        when came.schools then 'none'
        else lasting.schooling
    end as schooling,
    case
        when told.minimum_living or told.low_income_margin or told.extreme_poverty or told.poor_at_school then 'certified'
        when told.in_hardship then 'told'
        when schooled.not_poor or visited.asked_hardship then 'none'
    end as hardship,
    left(asked.hukou_codes[1], 2) = left(asked.residence_codes[1], 2) as hukou_in_province,
    case
        when permitted.is_own then 'own'
        when permitted.child_id is not null then 'guardian'
        when came.registrations then 'none'
        else lasting.permit
    end as permit,
    child.citizen_no is not null as has_citizen_no,
    case
        when insured.is_here then 'here'
        when insured.child_id is not null then 'elsewhere'
        when came.insurances then 'none'
        else lasting.insurance
    end as insurance,
    case when told.has_card then 'card' when told.disabled_at_school then 'declared' when came.cards or lasting.had_no_card then 'none' end
        as disability,
    told.grade as disability_grade,
    coalesce(nullif(told.orphan, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_orphan,
    coalesce(nullif(told.unsupported, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_unsupported,
    coalesce(nullif(told.hiv, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_hiv,
    coalesce(nullif(told.minimum_living, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_minimum_living,
    coalesce(nullif(told.low_income_margin, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_low_income_margin,
    coalesce(nullif(told.extreme_poverty, false), case when came.welfare or lasting.welfare_came then false end) as is_listed_extreme_poverty,
    nullif(status.accompanied, 'unknown') as company,
    coalesce(nullif(told.lacks_guardianship, false), case when visited.asked_guardianship then false end)
        as lacks_guardianship,
    coalesce(nullif(told.behaviour_anomaly, false), case when visited.asked_behaviour then false end)
        as behaviour_anomaly,
    coalesce(nullif(told.severe_mental_disorder, false), not treated.not_severe) as severe_mental_disorder,
    coalesce(nullif(told.has_alert, false), case when came.alerts or lasting.alerts_came then false end) as has_high_cost_alert,
    emergency.county is not null or case when came.visits then false end as has_emergency,
    asked.is_key_care,
    nullif(emergency.county, 'unclear') as emergency_county, coalesce(lasting.carried, []) as carried,
    list_sort(list_distinct(list_concat(
        coalesce(told.entries, []), coalesce(shown.entries, []),
        case when schooled.entry is null then [] else [schooled.entry] end
    ))) as evidence
from asked
join core.child as child using (child_id)
join care.migrant_status as status using (child_id)
cross join came
left join told using (child_id)
left join lasting using (child_id)
left join emergency using (child_id)
left join visited using (child_id)
left join schooled using (child_id)
left join permitted using (child_id)
left join insured using (child_id)
left join treated using (child_id)
left join shown using (child_id)
