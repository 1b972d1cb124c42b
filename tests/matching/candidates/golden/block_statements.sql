select profile_id, hash(key_1, key_2) as key from (
    select *, unnest(birth_keys) as key_2 from (
    select *, unnest(name_keys) as key_1 from (
    select profile_id, name_keys, birth_keys from link.profile
)
)
)
;
select profile_id, hash(key_1, key_2) as key from (
    select *, unnest(county_keys) as key_2 from (
    select *, unnest(crowded_key) as key_1 from (
    select profile_id, crowded_key, county_keys from crowded join link.profile using (profile_id)
)
)
)
