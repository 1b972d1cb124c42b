-- What a name can be compared by, hashed. One row a name.
-- reads   std.name
-- A hash of 0 means: no value. Of a Han name the given name is its part, of a longer one its first two and last two syllables.
-- spelling_key  only where spelling says more than sound: Han variants sound alike
select
    name_id,
    kind in ('han', 'transliterated', 'latin', 'tibetan_script') as is_name,
    key_of('f', folded) as folded_key,
    key_of('s', nullif(near_sound_key, '')) as sound_key,
    key_of('v', nullif(variant_key, '')) as variant_key,
    case when kind <> 'han' then key_of('v', nullif(variant_key, '')) else 0::ubigint end as spelling_key,
    case when kind = 'newborn' then key_of('f', of_parent) else 0::ubigint end as newborn_key,
    case
        when len(syllables) < 2 or syllables is null then 0::ubigint
        when kind = 'han' then key_of('z', list_aggregate(syllables[2:], 'string_agg', ' '))
        else key_of('a', syllables[1] || ' ' || syllables[2])
    end as first_part_key,
    case
        when kind <> 'han' and len(syllables) > 3
            then key_of('z', syllables[len(syllables) - 1] || ' ' || syllables[len(syllables)])
        else 0::ubigint
    end as last_part_key
from std.name
order by name_id
