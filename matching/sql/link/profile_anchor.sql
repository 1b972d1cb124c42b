-- Rows of link.profile_anchor: facts of a profile's entries that tell which child it is in another period, hashed. Gone before the release.
-- One row a fact of an entry: entries of one profile may repeat it.
-- reads   std.entry, std.name, std.guardian, asked_entry (temporary: entry_id, profile_id)
-- weight  how much a fact says about identity; a number with doubts says nothing
-- md5, not DuckDB's hash: these are kept for years.
with entry as (
    select
        entry.*, profile.profile_id,
        '|' || coalesce(year(entry.born_on)::varchar, '') as born_year,
        '|' || name.near_sound_key || '|' || entry.born_on::varchar as person,
        -- what stands beside the person's number in a key (a household, a kind of guarantee) is many people's: where the
        -- number is blank, destroyed or somebody else's, so is the key
        entry.key <> '' and (
            entry.table_name not in ('hukou', 'welfare')
            or coalesce(entry.citizen_no, entry.citizen_no_unverified) is not null
        ) as is_keyed
    from std.entry as entry
    join asked_entry as profile using (entry_id)
    left join std.name as name
        on name.name_id = entry.name_id and name.near_sound_key <> '' and name.kind not in ('newborn', 'placeholder', 'blank')
),
ward as (
    select
        entry.profile_id, 'guardian' || entry.person || '|' as ward,
        case when entry.born_precision = 'day' then 'born|' || entry.born_on::varchar || '|' || entry.sex || '|' end as born,
        name.near_sound_key, guardian.citizen_no, guardian.phone
    from entry
    join std.guardian as guardian using (entry_id)
    left join std.name as name on name.name_id = guardian.name_id and name.near_sound_key <> ''
),
said as (  -- once over the entries, where a select for each kind of fact would be nine times
    select profile_id, unnest([
        {'weight': 8, 'fact': case when citizen_no_state <> 'shared' then 'number|' || citizen_no end},
        {'weight': 8, 'fact': 'number|' || embedded_no},
        {'weight': 8, 'fact': 'certificate|' || birth_certificate_no},
        {'weight': 6, 'fact': 'document|' || other_document_no},
        {'weight': 5, 'fact': case when born_on is not null then 'insured|' || insured_no || born_year end},
        {'weight': 5, 'fact': case when born_on is not null then 'health|' || health_record_no || born_year end},
        {'weight': 5, 'fact': case when born_on is not null then 'disability|' || disability_card_no || born_year end},
        {'weight': 4, 'fact': case when is_keyed then 'key|' || feed || '|' || table_name || '|' || key || born_year end},
        {'weight': 1, 'fact': 'person' || person || coalesce('|' || sex, '')}
    ]) as told
    from entry
    union all
    select profile_id, unnest([
        {'weight': 3, 'fact': ward || near_sound_key},
        {'weight': 3, 'fact': ward || citizen_no},
        {'weight': 3, 'fact': ward || phone},
        -- a newborn is named since; twins of one sex share this, so that it is neither's
        {'weight': 1, 'fact': born || citizen_no}
    ])
    from ward
)
select profile_id, told.weight::tinyint as weight, md5_number_lower(told.fact)::ubigint as anchor
from said
where told.fact is not null
