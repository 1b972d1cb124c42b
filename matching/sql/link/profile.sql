-- link.profile: what entries are compared by. One row a profile; profile_id counts from 0 without gaps.
-- reads   entry_value (temporary), link.entry_profile
-- `_key` columns are hashes, 0 for no value; `_keys` are sorted lists of hashes, which blocking and comparison share.
create or replace table link.profile as
with first_entry as (
    select profile_id, min(entry_id) as entry_id, count(*)::integer as entries
    from link.entry_profile
    group by profile_id
)
select
    first_entry.profile_id,
    first_entry.entries,
    value.*,
    list_sort(list_distinct(list_filter(
        [
            key_of('n', value.citizen_no), key_of('n', value.embedded_no), key_of('n', value.citizen_no_unverified),
            nullif(value.certificate_key, 0), nullif(value.document_key, 0)
        ] || value.own_number_keys,
        lambda key: key is not null
    ))) as number_keys,
    list_sort(list_distinct(list_filter(
        [key_of('d', value.born_on::varchar)] || list_transform(value.born_alternatives, lambda day: key_of('d', day::varchar)),
        lambda key: key is not null
    ))) as birth_keys,
    list_filter([key_of('y', year(value.born_on)::varchar)], lambda key: key is not null) as year_keys,
    [coalesce(key_of('x', value.sex), 0)] as sex_keys,
    list_sort(list_distinct(list_filter(
        [value.hukou_county_key, value.residence_county_key], lambda key: key <> 0
    ))) as county_keys,
    list_sort(list_distinct(list_filter(
        [value.hukou_address_key, value.residence_address_key], lambda key: key <> 0
    ))) as address_keys
from first_entry
join entry_value as value using (entry_id)
order by first_entry.profile_id
