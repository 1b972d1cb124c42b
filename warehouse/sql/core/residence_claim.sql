-- core.residence_claim: what each entry says of where a child lives. One row an entry whose table has a column for it,
-- one more for a day pupil's school that isn't in the county of the pupil's address, and one a parent's own registration.
-- since_on: from when the entry shows the child there; until_on: where it shows that the stay ended; seen_on: the day it
-- speaks of. Rows without codes name no county: kept for what they say of company, never chosen.
-- reads: core.visit, std.entry, std.place, std.public_security_residence, std.education_enrolment, std.health_child_health,
--   std.medical_insurance_enrolment, std.disabled_federation_rehabilitation, std.civil_affairs_field_visit,
--   std.civil_affairs_existing_list, link.entry_child, core.child_redirect, core.guardian, prior.residence,
--   prior.recorded_visit, raw.receipt, policy.evidence_source,
--   policy.migrant_rule, policy.county
-- params: as_of, period, period_begins_on
-- by: child
with mine as (
    select
        tied.child_id, entry.entry_id, entry.feed, entry.table_name,
        entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry, entry.file,
        place.codes, place.county, place.level, place.prefecture, place.province, place.township, place.fault
    from link.entry_child as tied
    join std.entry as entry using (entry_id)
    left join std.place as place
        on place.entry_id = entry.entry_id
        and place.kind = case when entry.feed = 'medical_insurance' then 'insured' else 'residence' end
    where tied.child_id is not null
),
registered as (
    select
        mine.* exclude (file), 'registration' as source,
        least(row.residence_since, row.registered_on, row.permit_issued_on) as since_on,
        case when row.cancelled_on <= $as_of then row.cancelled_on end as until_on,
        case when row.cancelled_on <= $as_of then row.cancelled_on else $as_of end as seen_on,
        case when row.cancelled_on <= $as_of then 'cancelled' end as set_aside,
        cast(null as boolean) as is_boarder, cast(null as varchar) as living_with
    from mine
    join std.public_security_residence as row using (entry_id)
),
pupil as (  -- a file a county: the name says where the school is
    select
        mine.* exclude (file), row.enrolment_status, row.enrolled_in, row.boarding, school.code as school_county
    from mine
    join std.education_enrolment as row using (entry_id)
    left join policy.county as school on school.code = regexp_extract(mine.file, '([0-9]{6})', 1)
),
enrolled as (
    select
        pupil.* exclude (enrolment_status, enrolled_in, boarding, school_county),
        case when coalesce(enrolment_status, 'enrolled') = 'enrolled' then 'enrolment' else 'enrolment_interrupted' end
            as source,
        case when school_county is null or list_contains(codes, school_county) then enrolled_in end as since_on,
        cast(null as date) as until_on,
        case when coalesce(enrolment_status, 'enrolled') = 'enrolled' then $as_of else enrolled_in end as seen_on,
        case when enrolment_status in ('transferred_out', 'graduated') then enrolment_status end as set_aside,
        boarding = 'boarder' as is_boarder, cast(null as varchar) as living_with
    from pupil
),
at_school as (  -- says where the child lives only if nothing better does; a boarder's school isn't the family's home
    select
        child_id, entry_id, feed, table_name, entry, [school_county], school_county, 'county', null, null, null, null,
        'school', enrolled_in, null, $as_of,
        case
            when codes is not null then 'school_elsewhere'
            when coalesce(enrolment_status, 'enrolled') <> 'enrolled' then enrolment_status
        end,
        false, null
    from pupil
    where school_county is not null and not coalesce(list_contains(codes, school_county), false)
      and boarding is distinct from 'boarder'
),
treated as (
    select
        mine.* exclude (file), 'health' as source, row.recorded_on as since_on, cast(null as date) as until_on,
        coalesce(row.last_seen_on, row.recorded_on) as seen_on, cast(null as varchar) as set_aside,
        cast(null as boolean) as is_boarder, cast(null as varchar) as living_with
    from mine
    join std.health_child_health as row using (entry_id)
),
rehabilitated as (
    select
        mine.* exclude (file), 'rehabilitation', row.applied_on, cast(null as date), row.applied_on,
        cast(null as varchar), cast(null as boolean), cast(null as varchar)
    from mine
    join std.disabled_federation_rehabilitation as row using (entry_id)
),
insured as (
    select
        mine.* exclude (file), 'insurance', row.insured_on, cast(null as date), $as_of,
        case when row.insurance_status in ('suspended', 'ended') then row.insurance_status end,
        cast(null as boolean), cast(null as varchar)
    from mine
    join std.medical_insurance_enrolment as row using (entry_id)
),
visited as (
    select
        mine.* exclude (file),
        case when row.visited_on >= $period_begins_on then 'visit_this_period' else 'earlier_visit' end,
        least(row.residence_since, row.visited_on), cast(null as date), row.visited_on,
        case when row.visited_on > $as_of then 'after_reference_date' end, cast(null as boolean), row.living_with
    from mine
    join std.civil_affairs_field_visit as row using (entry_id)
),
recorded as (  -- by people, in the web app: a code of 6, 9 or 12 digits, or none
    select
        visit.child_id, cast(null as bigint), 'civil_affairs', 'field_visit', visit.entry,
        case when place.code is not null then [place.code] end, place.code,
        case when place.code is not null then 'county' end, place.prefecture, place.province,
        case when place.code is not null and length(told.residence_division_code) > 6
            then left(told.residence_division_code, 9) end,
        cast(null as varchar),
        case when visit.visited_on >= $period_begins_on then 'visit_this_period' else 'earlier_visit' end,
        least(told.residence_since, visit.visited_on), cast(null as date), visit.visited_on, cast(null as varchar),
        cast(null as boolean), visit.living_with
    from prior.recorded_visit as told
    join core.visit as visit on visit.entry = 'recorded_visit/' || told.visit_id and visit.is_in_force
    left join policy.county as place on place.code = left(told.residence_division_code, 6)
),
listed as (  -- the bureau's list from before; without a date it is older than the period
    select
        mine.* exclude (file), 'existing_list', least(row.residence_since, row.listed_on), cast(null as date),
        coalesce(row.listed_on, cast($period_begins_on as date) - 1),
        case when row.listed_on > $as_of then 'after_reference_date' end, cast(null as boolean), cast(null as varchar)
    from mine
    join std.civil_affairs_existing_list as row using (entry_id)
),
by_parent as (
    select
        guardian.child_id, guardian.registration_entry_id, entry.feed, entry.table_name,
        entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no,
        guardian.residence_codes, case when len(guardian.residence_codes) = 1 then guardian.residence_codes[1] end,
        'county', null, null, null, null,
        'parent_registration', guardian.residence_since, null, $as_of, null, null, null
    from core.guardian as guardian
    join std.entry as entry on entry.entry_id = guardian.registration_entry_id
    where guardian.relation in ('father', 'mother')
),
gone as (select feed, table_name from raw.receipt where status <> 'landed'),
carried as (
    select
        coalesce(redirect.to_child_id, earlier.child_id) as child_id, earlier.* exclude (child_id),
        cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - cast(left(from_period, 4) as integer) * 2 - cast(right(from_period, 1) as integer) as age
    from prior.residence as earlier
    join gone using (feed, table_name)
    left join core.child_redirect as redirect on redirect.child_id = earlier.child_id
    where earlier.entry is null or earlier.entry not like 'recorded_visit/%'
),
claim as (
    select *, $period as from_period, 0 as carried_periods
    from (
        select * from registered
        union all select * from enrolled
        union all select * from at_school
        union all select * from treated
        union all select * from rehabilitated
        union all select * from insured
        union all select * from visited
        union all select * from recorded
        union all select * from listed
        union all select * from by_parent
    )
    union all
    select
        child_id, null, feed, table_name, entry, codes, county, level, prefecture, province, township, fault,
        case when source = 'visit_this_period' then 'earlier_visit' else source end,
        since_on, until_on, seen_on, set_aside, is_boarder, living_with, from_period, age
    from carried
    where age between 1 and (select max(carried_periods) from policy.migrant_rule where county = '000000')
)
select
    claim.* replace (
        case when since_on <= $as_of then since_on end as since_on,
        case when codes is null then coalesce(set_aside, 'no_county') else set_aside end as set_aside
    ),
    evidence.rank, evidence.confidence
from claim
left join policy.evidence_source as evidence on evidence.kind = 'residence' and evidence.source = claim.source
