-- std.entry: one row an entry (a landed row), of children and adults alike.
-- reads   delivered (view over the raw tables), temp value_* tables, std.name, typed_entry (decoded sex, parsed birth)
-- params  as_of: the reference date
with judged as (
    select
        d.*,
        typed.sex as typed_sex,
        birth.on_day as birth_day, birth.precision as birth_precision, birth.alternatives, birth.fault as birth_fault,
        case when birth.on_day <= $as_of then birth.on_day end as born_day,
        own.state as own_state, own.number as own_number, own.born_on as own_born_on,
        inside.number as inside_number, inside.born_on as inside_born_on,
        own.number is not null and own.number in (
            coalesce(g1.number, ''), coalesce(g2.number, ''), coalesce(father.number, ''), coalesce(mother.number, '')
        ) as is_a_guardians
    from delivered as d
    left join typed_entry as typed using (entry_id)
    left join value_date as birth on birth.delivered = d.born_on
    left join value_number as own on own.delivered = d.citizen_no
    left join value_number as g1 on g1.delivered = d.guardian1_citizen_no
    left join value_number as g2 on g2.delivered = d.guardian2_citizen_no
    left join value_number as father on father.delivered = d.father_citizen_no
    left join value_number as mother on mother.delivered = d.mother_citizen_no
    left join value_embedded as inside
        on inside.delivered = case when d.student_no is not null then d.student_no else d.disability_card_no end
),
owned as (
    -- whose number is it: an adult's number in a row about a child is a guardian's
    select
        *,
        case
            when own_state in ('sound', 'fifteen') and is_a_guardians
                and own_born_on <= $as_of - interval 16 year  -- else the child's number stands in the guardian's field
                and coalesce(born_day > $as_of - interval 18 year, true)
                then 'guardian'
            when own_state in ('sound', 'fifteen') and own_born_on <= $as_of - interval 18 year and (
                case
                    when born_day is not null then born_day > $as_of - interval 18 year
                    -- feeds of children only; a pupil may be of age, but not by much
                    else (feed = 'education' and own_born_on <= $as_of - interval 23 year)
                        or (feed, table_name) in (('health', 'child_health'), ('civil_affairs', 'field_visit'), ('disabled_federation', 'rehabilitation'))
                end
            ) then 'guardian'
            -- nine digits are no citizen number, but may well be a passport's
            when own_state = 'malformed' and not regexp_matches(document_kind, '居民身份证|户口|^0?1$')
                then 'other_document'
            else coalesce(own_state, 'blank')
        end as state
    from judged
),
born as (
    select
        *,
        case
            when birth_day > $as_of then 'future'
            when born_day is null and state = 'sound' and born_on is not null then coalesce(birth_fault, 'malformed')
            when born_day is null and state = 'sound' then 'from_citizen_no'
            else birth_fault
        end as born_fault,
        case when state = 'sound' then own_born_on end as number_born_on
    from owned
)
select
    entry_id, feed, table_name, file, row_no, key,
    own_name.name_id as name_id,
    former.name_id as former_name_id,
    typed_sex as sex,
    coalesce(born_day, number_born_on, case when state <> 'guardian' then inside_born_on end) as born_on,
    case when born_day is null and coalesce(number_born_on, inside_born_on) is not null then 'day'
        when born_day is not null then birth_precision end as born_precision,
    list_filter(coalesce(alternatives, []), lambda other: other <= $as_of) as born_alternatives,
    born_fault,
    case when state = 'sound' then own_number end as citizen_no,
    state as citizen_no_state,
    case when state in ('failed_check', 'fifteen', 'malformed') then own_number end as citizen_no_unverified,
    inside_number as embedded_no,
    case when state = 'other_document' then own_number end as other_document_no,
    case when k_birth_certificate_no.delivered is null then born.birth_certificate_no else k_birth_certificate_no.folded end
        as birth_certificate_no,
    case when k_student_no.delivered is null then born.student_no else k_student_no.folded end as student_no,
    case when k_insured_no.delivered is null then born.insured_no else k_insured_no.folded end
        as insured_no,
    case when k_health_record_no.delivered is null then born.health_record_no else k_health_record_no.folded end
        as health_record_no,
    case when k_registration_no.delivered is null then born.registration_no else k_registration_no.folded end
        as registration_no,
    regexp_replace(
        case
            when k_disability_card_no.delivered is null then born.disability_card_no else k_disability_card_no.folded
        end,
        '^(.{20})B\d{1,2}$', '\1'  -- the same card issued again
    ) as disability_card_no,
    case when k_household_no.delivered is null then born.household_no else k_household_no.folded end as household_no,
    ethnic.code as ethnic_code,
    mother.name_id as mother_name_id,
    residence_address.address_key as residence_address_key,
    hukou_address.address_key as hukou_address_key,
    hukou.county as hukou_county,
    residence.county as residence_county,
    coalesce(
        coalesce(born_day, number_born_on, case when state <> 'guardian' then inside_born_on end)
            <= $as_of - interval 18 year,
        state = 'fifteen',
        false
    ) as is_adult
from born
left join value_ethnic as ethnic on ethnic.delivered = born.ethnic_code
left join std.name as own_name on own_name.delivered = born.name
left join std.name as former on former.delivered = born.former_name
left join std.name as mother on mother.delivered = born.mother_name
left join value_address as residence_address on residence_address.delivered = born.residence_address
left join value_address as hukou_address on hukou_address.delivered = born.hukou_address
left join value_place as hukou on hukou.delivered = born.hukou_division_code
left join value_place as residence on residence.delivered = born.residence_division_code
left join value_key as k_birth_certificate_no on k_birth_certificate_no.delivered = born.birth_certificate_no
left join value_key as k_student_no on k_student_no.delivered = born.student_no
left join value_key as k_insured_no on k_insured_no.delivered = born.insured_no
left join value_key as k_health_record_no on k_health_record_no.delivered = born.health_record_no
left join value_key as k_registration_no on k_registration_no.delivered = born.registration_no
left join value_key as k_disability_card_no on k_disability_card_no.delivered = born.disability_card_no
left join value_key as k_household_no on k_household_no.delivered = born.household_no
