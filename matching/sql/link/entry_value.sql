-- link.entry_value: what an entry of a child can be compared by, in one row an entry; values hashed, lists sorted. Temporary.
-- reads   std.entry, std.guardian, std.name
-- A list of keys holds no nulls; a hash of 0 means: no value. Hashes live in one run only and identify nobody by themselves.
create or replace temp table entry_value as
with name_key as (
    select
        name_id, folded, kind, of_parent,
        key_of('f', folded) as folded_key,
        key_of('s', nullif(near_sound_key, '')) as sound_key,
        key_of('v', nullif(variant_key, '')) as variant_key,
        case when kind <> 'han' then key_of('v', nullif(variant_key, '')) end as spelling_key,  -- Han variants sound alike
        list_filter(
            case
                when len(syllables) < 2 then []
                when kind = 'han' then [key_of('z', list_aggregate(syllables[2:], 'string_agg', ' '))]
                when len(syllables) > 3 then [
                    key_of('a', syllables[1] || ' ' || syllables[2]),
                    key_of('z', syllables[len(syllables) - 1] || ' ' || syllables[len(syllables)])
                ]
                else [key_of('a', syllables[1] || ' ' || syllables[2])]
            end,
            lambda part: part is not null
        ) as part_keys,
        kind in ('han', 'transliterated', 'latin', 'tibetan_script') as is_name
    from std.name
),
guardian as (
    select
        guardian.entry_id,
        list_sort(list_distinct(list(name.folded_key) filter (name.is_name))) as guardian_name_keys,
        list_sort(list_distinct(flatten(list([name.sound_key, name.spelling_key]) filter (name.is_name)))) as guardian_sound_keys,
        list_sort(list_distinct(list(key_of('c', guardian.citizen_no)))) as guardian_no_keys,
        list_sort(list_distinct(list(key_of('p', guardian.phone)))) as phone_keys
    from (
        select entry_id, name_id, citizen_no, phone from std.guardian
        union all
        select entry_id, mother_name_id, null, null from std.entry where mother_name_id is not null
    ) as guardian
    left join name_key as name using (name_id)
    group by guardian.entry_id
)
select
    entry.entry_id,
    entry.feed,
    entry.table_name,
    entry.name_id,
    entry.former_name_id,
    case when own.kind = 'newborn' then coalesce(key_of('f', own.of_parent), 0) else 0 end as newborn_of,
    coalesce(own.is_name, false) as has_name,
    case when own.is_name then own.folded_key else 0 end as name_key,
    case when own.is_name then coalesce(own.sound_key, 0) else 0 end as sound_key,
    case when own.is_name then coalesce(own.variant_key, 0) else 0 end as variant_key,
    entry.sex,
    entry.born_on,
    entry.born_precision,
    coalesce(entry.born_alternatives, []) as born_alternatives,
    coalesce(  -- taken from the number, so no evidence beside it
        entry.born_fault is not null
            and strftime(entry.born_on, '%Y%m%d') = substr(coalesce(entry.citizen_no, entry.embedded_no), 7, 8),
        false
    ) as is_birth_of_number,
    entry.citizen_no,
    entry.embedded_no,
    entry.citizen_no_unverified,
    coalesce(entry.citizen_no_state = 'shared', false) as is_number_shared,
    list_sort(list_filter([
        key_of('i', entry.insured_no), key_of('s', entry.student_no), key_of('h', entry.health_record_no),
        key_of('d', entry.disability_card_no), key_of('r', entry.registration_no)
    ], lambda key: key is not null)) as own_number_keys,
    coalesce(key_of('b', entry.birth_certificate_no), 0) as certificate_key,
    coalesce(key_of('o', entry.other_document_no), 0) as document_key,
    coalesce(key_of('hh', entry.household_no || coalesce(entry.hukou_county, '')), 0) as household_key,
    coalesce(key_of('c', entry.hukou_county), 0) as hukou_county_key,
    coalesce(key_of('c', entry.residence_county), 0) as residence_county_key,
    coalesce(key_of('a', entry.hukou_address_key || coalesce(entry.hukou_county, '')), 0) as hukou_address_key,
    coalesce(key_of('a', entry.residence_address_key || coalesce(entry.residence_county, '')), 0) as residence_address_key,
    coalesce(guardian.guardian_name_keys, []) as guardian_name_keys,
    list_filter(coalesce(guardian.guardian_sound_keys, []), lambda key: key is not null) as guardian_sound_keys,
    coalesce(guardian.guardian_no_keys, []) as guardian_no_keys,
    coalesce(guardian.phone_keys, []) as phone_keys,
    list_sort(list_distinct(list_filter(
        case when own.is_name then [own.sound_key, own.spelling_key] else [] end
        || case when former.is_name then [former.sound_key, former.spelling_key] else [] end,
        lambda key: key is not null
    ))) as name_keys,
    list_sort(list_distinct(
        case when own.is_name then own.part_keys else [] end || case when former.is_name then former.part_keys else [] end
    )) as name_part_keys
from std.entry as entry
left join name_key as own on own.name_id = entry.name_id
left join name_key as former on former.name_id = entry.former_name_id
left join guardian on guardian.entry_id = entry.entry_id
where not coalesce(entry.is_adult, false)
