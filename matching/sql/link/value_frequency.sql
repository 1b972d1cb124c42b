-- link.value_frequency: how many profiles bear a value whose rarity counts, when the model version was trained. One row a kind and value.
-- reads   link.profile, std.name
-- kind    name: as folded; variant, sound: what spellings or sounds of it have in common; birth: the date of birth, empty where there is none
create or replace table link.value_frequency as
with borne as (
    select name_id, count(*) as profiles from link.profile where has_name group by name_id
),
named as (
    select
        name.folded, nullif(name.variant_key, '') as variant_key, nullif(name.near_sound_key, '') as near_sound_key,
        borne.profiles
    from borne
    join std.name as name using (name_id)
)
select 'name' as kind, folded as value, sum(profiles)::integer as profiles from named where folded is not null group by folded
union all
select 'variant', variant_key, sum(profiles)::integer from named where variant_key is not null group by variant_key
union all
select 'sound', near_sound_key, sum(profiles)::integer from named where near_sound_key is not null group by near_sound_key
union all
select 'birth', coalesce(born_on::varchar, ''), count(*)::integer from link.profile group by born_on
