-- What an entry of a child can be compared by, its names and guardians aside. One row an entry.
-- reads   child_entry (temporary view: entries of children)
-- `_key` columns are hashes, which live in one run only and identify nobody by themselves; 0 means: no value.
-- signature, counter_signature: hashes of everything there is but names, there and back, so that no two contents are taken for one by
-- chance. Names come in later, by what they are: their ids are numbered anew in each build, and signatures are compared between builds.
-- key_content  of what tells the entry again in another period and isn't compared: its natural key
-- is_numbered  whether it has a number that is one child's
-- Signatures are made of the columns themselves, not of their keys: who wants nothing else spares the keys.
with entry as (
    select
        entry_id, feed, table_name, name_id, former_name_id, sex, born_on, born_precision,
        coalesce(born_alternatives, []) as born_alternatives,
        coalesce(  -- taken from the number, so no evidence beside it; these faults leave a date that the cell itself told
            case when born_fault not in ('excel_serial', 'lunar', 'swapped', 'two_digit_year', 'year_last')
                then strftime(born_on, '%Y%m%d') = substr(coalesce(citizen_no, embedded_no, citizen_no_unverified), 7, 8)
            end,
            false
        ) as is_birth_of_number,
        citizen_no, embedded_no, citizen_no_unverified,
        coalesce(citizen_no_state = 'shared', false) as is_number_shared,
        birth_certificate_no, other_document_no, household_no, hukou_county, residence_county, hukou_address_key as hukou_address,
        residence_address_key as residence_address, insured_no, student_no, health_record_no, disability_card_no, registration_no,
        coalesce(
            citizen_no, embedded_no, citizen_no_unverified, birth_certificate_no, other_document_no, insured_no, student_no,
            health_record_no, disability_card_no, registration_no
        ) is not null as is_numbered,
        key_of('b', birth_certificate_no) as certificate_key,
        key_of('o', other_document_no) as document_key,
        key_of('hh', household_no || coalesce(hukou_county, '')) as household_key,
        key_of('c', hukou_county) as hukou_county_key,
        key_of('c', residence_county) as residence_county_key,
        key_of('a', hukou_address_key || coalesce(hukou_county, '')) as hukou_address_key,
        key_of('a', residence_address_key || coalesce(residence_county, '')) as residence_address_key,
        key_of('i', insured_no) as insured_key,
        key_of('s', student_no) as student_key,
        key_of('h', health_record_no) as health_record_key,
        key_of('d', disability_card_no) as disability_card_key,
        key_of('r', registration_no) as registration_key,
        key_of('k', key) as key_content
    from child_entry
)
select
    entry.* exclude (
        birth_certificate_no, other_document_no, household_no, hukou_county, residence_county, hukou_address, residence_address,
        insured_no, student_no, health_record_no, disability_card_no, registration_no
    ),
    key_of('n', citizen_no) as citizen_no_key,
    key_of('n', embedded_no) as embedded_no_key,
    key_of('n', citizen_no_unverified) as unverified_no_key,
    born_alternatives[1] as alternative_1,
    born_alternatives[2] as alternative_2,
    born_alternatives[3] as alternative_3,
    key_of('x', sex) as sex_key,
    hash(
        feed, table_name, sex, born_on, born_precision, born_alternatives, is_birth_of_number,
        citizen_no, embedded_no, citizen_no_unverified, is_number_shared, birth_certificate_no, other_document_no,
        household_no, hukou_county, residence_county, hukou_address, residence_address, insured_no, student_no,
        health_record_no, disability_card_no, registration_no
    ) as signature,
    hash(
        registration_no, disability_card_no, health_record_no, student_no, insured_no, residence_address,
        hukou_address, residence_county, hukou_county, household_no, other_document_no, birth_certificate_no,
        is_number_shared, citizen_no_unverified, embedded_no, citizen_no, is_birth_of_number, born_alternatives,
        born_precision, born_on, sex, table_name, feed
    ) as counter_signature
from entry
