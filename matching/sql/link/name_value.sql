-- What a name can be compared by, hashed. One row a name.
-- reads   child_name (temporary view: names)
-- reads   std.name
-- A hash of 0 means: no value. Of a Han name the given name is its part, of a longer one its first two and last two syllables.
-- content       all that a name is: equal in two builds where the names are
-- spelling_key  only where spelling says more than sound: Han variants sound alike
-- rest_ keys    what stays of a name of which one character is wrong or lost: the surname and one sound of the given name;
--               of names of two characters either of them, of longer ones the first two and the last two; and what may be
--               all that stays, the given name alone
with written as (
    select
        *,
        case when kind in ('han', 'transliterated') then replace(folded, '·', '') else '' end as characters,
        case when kind = 'han' then len(syllables) else length(characters) end as size
    from child_name
)
select
    name_id,
    hash(delivered, folded, kind, near_sound_key, variant_key) as content,
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
        when kind <> 'han' and len(syllables) > 2
            then key_of('z', syllables[len(syllables) - 1] || ' ' || syllables[len(syllables)])
        else 0::ubigint
    end as last_part_key,
    case
        when size < 2 or characters = '' then 0::ubigint
        when kind = 'han' and size = 3 then key_of('r', syllables[1] || ' ' || syllables[2])
        else key_of('l', left(characters, case when size = 2 then 1 else 2 end))
    end as rest_first_key,
    case
        when size < 2 or characters = '' then 0::ubigint
        when kind = 'han' and size = 3 then key_of('r', syllables[1] || ' ' || syllables[3])
        else key_of('e', right(characters, case when size = 2 then 1 else 2 end))
    end as rest_last_key,
    case
        when kind = 'han' and size = 2 then key_of('r', syllables[1] || ' ' || syllables[2])
        when kind = 'han' and size = 3 then key_of('e', right(characters, 2))
        else 0::ubigint
    end as rest_key,
    case when kind = 'han' and size = 2 then key_of('e', characters) else 0::ubigint end as rest_whole_key
from written
