-- link.profile_anchor: facts of a profile's entries that tell which child it is in another period, hashed. Gone before the release.
-- One row a fact of an entry: entries of one profile may repeat it.
-- reads   std.entry, std.name, std.guardian, link.entry_profile
-- weight  how much a fact says about identity; a number with doubts says nothing
-- md5, not DuckDB's hash: these are kept for years.
create or replace table link.profile_anchor as
with entry as (
    select
        entry.*, profile.profile_id,
        '|' || coalesce(year(entry.born_on)::varchar, '') as born_year,
        '|' || name.near_sound_key || '|' || entry.born_on::varchar as person
    from std.entry as entry
    join link.entry_profile as profile using (entry_id)
    left join std.name as name
        on name.name_id = entry.name_id and name.near_sound_key <> '' and name.kind not in ('newborn', 'placeholder', 'blank')
),
ward as (
    select
        entry.profile_id, 'guardian' || entry.person || '|' as ward,
        name.near_sound_key, guardian.citizen_no, guardian.phone
    from entry
    join std.guardian as guardian using (entry_id)
    left join std.name as name on name.name_id = guardian.name_id and name.near_sound_key <> ''
    where entry.person is not null
),
fact as (
    select profile_id, 8 as weight, 'number|' || citizen_no as fact from entry where citizen_no_state <> 'shared'
    union all
    select profile_id, 8, 'number|' || embedded_no from entry
    union all
    select profile_id, 8, 'certificate|' || birth_certificate_no from entry
    union all
    select profile_id, 6, 'document|' || other_document_no from entry
    union all
    select profile_id, 5, 'insured|' || insured_no || born_year from entry where born_on is not null
    union all
    select profile_id, 5, 'health|' || health_record_no || born_year from entry where born_on is not null
    union all
    select profile_id, 5, 'disability|' || disability_card_no || born_year from entry where born_on is not null
    union all
    select profile_id, 4, 'key|' || feed || '|' || table_name || '|' || key || born_year from entry where key <> ''
    union all
    select profile_id, 3, ward || near_sound_key from ward
    union all
    select profile_id, 3, ward || citizen_no from ward
    union all
    select profile_id, 3, ward || phone from ward
    union all
    select profile_id, 1, 'person' || person || coalesce('|' || sex, '') from entry
)
select profile_id, weight::tinyint as weight, md5_number_lower(fact)::ubigint as anchor
from fact
where fact is not null
