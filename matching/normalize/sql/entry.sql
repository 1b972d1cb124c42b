-- std.entry: one row an entry (a landed row), of children and adults alike.
-- reads   delivered (view over the raw tables), temp value_* tables, std.name, typed_entry (decoded sex)
-- What few entries have is found on narrow rows first: a join of all these columns costs with their number.
-- params  as_of: the reference date
with birth as (
    -- six digits are a month (200205) or a day of a short year (20-02-05): where the month says adult, the day if it says child
    select
        delivered,
        case when is_short_year then alternatives[1] else on_day end as on_day,
        case when is_short_year then 'day' else precision end as precision,
        case when is_short_year then 'two_digit_year' else fault end as fault,
        list_filter(
            case when is_short_year then [on_day] else coalesce(alternatives, []) end, lambda other: other <= $as_of
        ) as alternatives
    from (
        select
            *,
            coalesce(
                fault = 'month_only' and on_day <= $as_of - interval 18 year and alternatives[1] <= $as_of
                    and alternatives[1] > $as_of - interval 18 year,
                false
            ) as is_short_year
        from value_date
    )
),
around as (
    select entry_id, guardian1_citizen_no as delivered from delivered where guardian1_citizen_no is not null
    union all select entry_id, guardian2_citizen_no from delivered where guardian2_citizen_no is not null
    union all select entry_id, father_citizen_no from delivered where father_citizen_no is not null
    union all select entry_id, mother_citizen_no from delivered where mother_citizen_no is not null
),
same_as_guardian as (
    -- an adult's number that also stands in one of the row's fields of guardians
    select distinct d.entry_id
    from delivered as d
    join value_number as own on own.delivered = d.citizen_no
    join around using (entry_id)
    join value_number as other on other.delivered = around.delivered
    where own.number = other.number and own.state in ('sound', 'fifteen')
        and own.born_on <= $as_of - interval 16 year  -- else the child's number stands in the guardian's field
),
odd as (
    select entry_id, 'birth_certificate_no' as column_name, folded
    from delivered join value_key as k on k.delivered = birth_certificate_no
    union all select entry_id, 'student_no' as column_name, folded
    from delivered join value_key as k on k.delivered = student_no
    union all select entry_id, 'insured_no' as column_name, folded
    from delivered join value_key as k on k.delivered = insured_no
    union all select entry_id, 'health_record_no' as column_name, folded
    from delivered join value_key as k on k.delivered = health_record_no
    union all select entry_id, 'registration_no' as column_name, folded
    from delivered join value_key as k on k.delivered = registration_no
    union all select entry_id, 'disability_card_no' as column_name, folded
    from delivered join value_key as k on k.delivered = disability_card_no
    union all select entry_id, 'household_no' as column_name, folded
    from delivered join value_key as k on k.delivered = household_no
),
refolded as (
    -- the departments' own numbers that aren't plain as delivered: a map of column to folded number, for few entries
    select entry_id, map(list(column_name), list(folded)) as by_column from odd group by entry_id
),
certified as (
    -- a newborn is insured under its birth certificate until it has a number; a passport may look the same, so only where
    -- some entry has it for a birth certificate
    select number.delivered
    from value_number as number
    where number.state = 'other_document' and number.number in (
        select coalesce(k.folded, d.birth_certificate_no)
        from delivered as d
        left join value_key as k on k.delivered = d.birth_certificate_no
        where d.birth_certificate_no is not null
    )
),
judged as (
    select
        d.*,
        typed.sex as typed_sex,
        birth.on_day as birth_day, birth.precision as birth_precision, birth.alternatives, birth.fault as birth_fault,
        case when birth.on_day <= $as_of then birth.on_day end as born_day,
        own.state as own_state, own.number as own_number, own.born_on as own_born_on,
        inside.number as inside_number, inside.born_on as inside_born_on,
        same.entry_id is not null as is_a_guardians,
        certified.delivered is not null as is_certified
    from delivered as d
    left join typed_entry as typed using (entry_id)
    left join birth on birth.delivered = d.born_on
    left join value_number as own on own.delivered = d.citizen_no
    left join same_as_guardian as same on same.entry_id = d.entry_id
    left join certified on certified.delivered = d.citizen_no
    left join value_embedded as inside
        on inside.delivered = case when d.student_no is not null then d.student_no else d.disability_card_no end
),
owned as (
    -- whose number is it: an adult's number in a row about a child is a guardian's
    select
        *,
        case
            when is_a_guardians and coalesce(born_day > $as_of - interval 18 year, true)
                then 'guardian'
            when own_state in ('sound', 'fifteen') and own_born_on <= $as_of - interval 18 year and (
                case
                    when born_day is not null then born_day > $as_of - interval 18 year
                    -- feeds of children only; a pupil may be of age, but not by much
                    else (feed = 'education' and own_born_on <= $as_of - interval 23 year)
                        or (feed, table_name) in (('health', 'child_health'), ('civil_affairs', 'field_visit'),
                            ('civil_affairs', 'existing_list'), ('civil_affairs', 'national_number'), ('disabled_federation', 'rehabilitation'))
                end
            ) then 'guardian'
            -- nine digits are no citizen number, but may well be a passport's
            when own_state = 'malformed' and not regexp_matches(document_kind, '居民身份证|户口|^0?1$')
                then 'other_document'
            else coalesce(own_state, 'blank')
        end as state,
        -- what a school or the federation made of a guardian's number
        coalesce(
            inside_born_on <= $as_of - interval 18 year and (
                is_a_guardians and inside_number = own_number or born_day > $as_of - interval 18 year
            ),
            false
        ) as is_inside_anothers
    from judged
),
born as (
    select
        *,
        case
            when birth_day > $as_of then 'future'
            when born_day is null and state = 'sound' and born_on is not null then coalesce(birth_fault, 'malformed')
            when born_day is null and state = 'sound' then 'from_citizen_no'
            when born_day is null and inside_born_on is null and loose_born_on is not null
                then coalesce(birth_fault, 'from_unverified_no')
            else birth_fault
        end as born_fault,
        case when state = 'sound' then own_born_on end as number_born_on
    from (
        select
            *,
            -- the birth date in a number that failed its check or was rounded by Excel; it makes nobody an adult
            case when state in ('failed_check', 'destroyed') and own_born_on > $as_of - interval 18 year then own_born_on end
                as loose_born_on
        from owned
    )
)
select
    born.entry_id, feed, table_name, file, row_no, key,
    own_name.name_id as name_id,
    former.name_id as former_name_id,
    typed_sex as sex,
    coalesce(born_day, number_born_on, case when state <> 'guardian' then inside_born_on end, loose_born_on) as born_on,
    case when born_day is null and coalesce(number_born_on, inside_born_on, loose_born_on) is not null then 'day'
        when born_day is not null then birth_precision end as born_precision,
    coalesce(alternatives, []) as born_alternatives,
    born_fault,
    case when state = 'sound' then own_number end as citizen_no,
    state as citizen_no_state,
    case when state in ('failed_check', 'fifteen', 'malformed') then own_number end as citizen_no_unverified,
    case when not is_inside_anothers then inside_number end as embedded_no,
    case when state = 'other_document' and not is_certified then own_number end as other_document_no,
    coalesce(
        case when map_contains(refolded.by_column, 'birth_certificate_no') then refolded.by_column['birth_certificate_no']
            else born.birth_certificate_no end,
        case when is_certified then own_number end
    ) as birth_certificate_no,
    case when is_inside_anothers then null
        when map_contains(refolded.by_column, 'student_no') then refolded.by_column['student_no']
        else born.student_no end as student_no,
    case when map_contains(refolded.by_column, 'insured_no') then refolded.by_column['insured_no']
        else born.insured_no end as insured_no,
    case when map_contains(refolded.by_column, 'health_record_no') then refolded.by_column['health_record_no']
        else born.health_record_no end as health_record_no,
    case when map_contains(refolded.by_column, 'registration_no') then refolded.by_column['registration_no']
        else born.registration_no end as registration_no,
    regexp_replace(
        case when is_inside_anothers then null
            when map_contains(refolded.by_column, 'disability_card_no') then refolded.by_column['disability_card_no']
        else born.disability_card_no end,
        '^(.{20})B\d{1,2}$', '\1'  -- the same card issued again
    ) as disability_card_no,
    case when map_contains(refolded.by_column, 'household_no') then refolded.by_column['household_no']
        else born.household_no end as household_no,
    ethnic.code as ethnic_code,
    mother.name_id as mother_name_id,
    residence_address.address_key as residence_address_key,
    hukou_address.address_key as hukou_address_key,
    hukou.county as hukou_county,
    residence.county as residence_county,
    coalesce(
        coalesce(born_day, number_born_on, case when state <> 'guardian' then inside_born_on end)
            <= $as_of - interval 18 year,
        state = 'fifteen' and own_born_on <= $as_of - interval 18 year,
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
left join refolded on refolded.entry_id = born.entry_id
