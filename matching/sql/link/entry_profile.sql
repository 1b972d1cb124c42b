-- link.entry_profile: which profile stands for an entry. One row a child's entry.
-- reads   entry_value (temporary)
-- Entries of one table that agree on everything comparable share a profile. Profiles are numbered by their least entry.
-- Two hashes, there and back, so that no two contents are taken for one by chance.
create or replace table link.entry_profile as
with signed as (
    select
        entry_id,
        [hash(
            feed, table_name, name_id, former_name_id, sex, born_on, born_precision, born_alternatives, is_birth_of_number,
            citizen_no, embedded_no, citizen_no_unverified, is_number_shared, own_number_keys, certificate_key, document_key,
            household_key, hukou_county_key, residence_county_key, hukou_address_key, residence_address_key,
            guardian_name_keys, guardian_sound_keys, guardian_no_keys, phone_keys
        ), hash(
            phone_keys, guardian_no_keys, guardian_sound_keys, guardian_name_keys, residence_address_key, hukou_address_key,
            residence_county_key, hukou_county_key, household_key, document_key, certificate_key, own_number_keys,
            is_number_shared, citizen_no_unverified, embedded_no, citizen_no, is_birth_of_number, born_alternatives,
            born_precision, born_on, sex, former_name_id, name_id, table_name, feed
        )] as signature
    from entry_value
),
profile as (
    select signature, (row_number() over (order by min(entry_id)) - 1)::integer as profile_id
    from signed
    group by signature
)
select signed.entry_id, profile.profile_id
from signed
join profile using (signature)
order by signed.entry_id
