-- link.common_value: phones, addresses, guardians' names and numbers at which more children stand than a family holds. One row a value.
-- reads   link.profile
-- params  family_at_most: more children's names than this at one value make it common
-- Children are told apart by the sound of their names; a child without a name counts with the others of its kind.
create or replace table link.common_value as
with held as (
    select 'phone' as kind, unnest(phone_keys) as value_key, sound_key from link.profile
    union all
    select 'address', unnest(address_keys), sound_key from link.profile
    union all
    select 'guardian_no', unnest(guardian_no_keys), sound_key from link.profile
    union all
    select 'guardian_name', unnest(guardian_name_keys), sound_key from link.profile
)
select kind, value_key, count(distinct sound_key)::integer as children
from held
group by kind, value_key
having count(distinct sound_key) > $family_at_most
order by kind, value_key
