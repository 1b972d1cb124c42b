-- profile_anchor: facts of a profile's entries that tell which child it is in another period, hashed. One row a profile and fact. Temporary.
-- reads   std.entry, std.name, std.guardian, link.entry_profile
-- weight  how much a fact says about identity; a number with doubts says nothing
-- md5, not DuckDB's hash: these are kept for years.
create or replace temp table profile_anchor as
with entry as (
    select
        entry.*, profile.profile_id, name.near_sound_key as name_key,
        coalesce(year(entry.born_on)::varchar, '') as born_year
    from std.entry as entry
    join link.entry_profile as profile using (entry_id)
    left join std.name as name
        on name.name_id = entry.name_id and name.near_sound_key <> '' and name.kind not in ('newborn', 'placeholder', 'blank')
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
    select profile_id, 5, 'insured|' || insured_no || '|' || born_year from entry where born_on is not null
    union all
    select profile_id, 5, 'health|' || health_record_no || '|' || born_year from entry where born_on is not null
    union all
    select profile_id, 5, 'disability|' || disability_card_no || '|' || born_year from entry where born_on is not null
    union all
    select profile_id, 4, concat_ws('|', 'key', feed, table_name, key, born_year) from entry where key <> ''
    union all
    select entry.profile_id, 3, concat_ws('|', 'guardian', entry.name_key, entry.born_on, name.near_sound_key)
    from entry
    join std.guardian as guardian using (entry_id)
    join std.name as name on name.name_id = guardian.name_id and name.near_sound_key <> ''
    where entry.name_key is not null and entry.born_on is not null
    union all
    select entry.profile_id, 3, concat_ws('|', 'guardian', entry.name_key, entry.born_on, guardian.citizen_no)
    from entry
    join std.guardian as guardian using (entry_id)
    where entry.name_key is not null and entry.born_on is not null and guardian.citizen_no is not null
    union all
    select entry.profile_id, 3, concat_ws('|', 'guardian', entry.name_key, entry.born_on, guardian.phone)
    from entry
    join std.guardian as guardian using (entry_id)
    where entry.name_key is not null and entry.born_on is not null and guardian.phone is not null
    union all
    select profile_id, 1, concat_ws('|', 'person', name_key, born_on, sex) from entry where name_key is not null and born_on is not null
)
select profile_id, max(weight)::tinyint as weight, md5_number_lower(fact)::ubigint as anchor
from fact
where fact is not null
group by profile_id, anchor
