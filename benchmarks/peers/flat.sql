-- flat: the normalised table that every engine starts from. One row a child's entry.
-- reads   std.entry, std.name, std.guardian
-- Everything our own steps know of an entry before linking it, in plain columns: an engine may use any of them. What the
-- normaliser says is no name (a newborn's, a placeholder, a blank) is null, as is a value that it says can't be trusted.
-- A contact that more than 15 entries' names stand at, a school's phone, is left out: every guide to linkage says to.
with spoken as (
    select name_id, nullif(folded, '') as folded, surname, given, nullif(sound_key, '') as pinyin,
        nullif(near_sound_key, '') as near_pinyin, nullif(variant_key, '') as variant,
        syllables[1] as surname_pinyin, nullif(array_to_string(syllables[2:], ' '), '') as given_pinyin
    from std.name
    where kind in ('han', 'transliterated', 'latin', 'tibetan_script')
),
tie as (
    select entry_id, relation, name_id, citizen_no, phone from std.guardian
    union all
    select entry_id, 'mother', mother_name_id, null, null from std.entry where mother_name_id is not null
),
crowded as (
    select tie.phone
    from tie
    join std.entry as entry using (entry_id)
    where tie.phone is not null
    group by tie.phone
    having count(distinct entry.name_id) > 15
),
family as (
    select
        tie.entry_id,
        min(spoken.folded) filter (tie.relation = 'father') as father_name,
        min(spoken.folded) filter (tie.relation = 'mother') as mother_name,
        min(tie.citizen_no) filter (tie.relation = 'father') as father_no,
        min(tie.citizen_no) filter (tie.relation = 'mother') as mother_no,
        list_sort(list_distinct(list(spoken.folded) filter (spoken.folded is not null))) as guardian_names,
        list_sort(list_distinct(list(spoken.pinyin) filter (spoken.pinyin is not null))) as guardian_pinyins,
        list_sort(list_distinct(list(tie.citizen_no) filter (tie.citizen_no is not null))) as guardian_nos,
        list_sort(list_distinct(list(tie.phone) filter (tie.phone is not null and crowded.phone is null))) as phones
    from tie
    left join spoken using (name_id)
    left join crowded using (phone)
    group by tie.entry_id
)
select
    entry.entry_id as unique_id,
    entry.feed || '.' || entry.table_name as source_dataset,
    own.folded as name,
    own.surname,
    own.given,
    own.pinyin,
    own.near_pinyin,
    own.variant,
    own.surname_pinyin,
    own.given_pinyin,
    former.folded as former_name,
    entry.sex,
    strftime(entry.born_on, '%Y-%m-%d') as born,
    coalesce(entry.citizen_no, entry.embedded_no) as citizen_no,
    entry.citizen_no_unverified,
    entry.student_no,
    entry.insured_no,
    entry.health_record_no,
    entry.disability_card_no,
    entry.birth_certificate_no,
    family.father_name,
    family.mother_name,
    family.father_no,
    family.mother_no,
    family.guardian_names,
    family.guardian_pinyins,
    family.guardian_nos,
    family.phones,
    family.phones[1] as phone,
    entry.residence_address_key as residence_address,
    entry.hukou_address_key as hukou_address,
    entry.hukou_county,
    entry.residence_county
from std.entry as entry
left join spoken as own on own.name_id = entry.name_id
left join spoken as former on former.name_id = entry.former_name_id
left join family on family.entry_id = entry.entry_id
where not entry.is_adult
order by unique_id
