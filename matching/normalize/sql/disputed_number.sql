-- Numbers that tell another birth date than the entry they stand in, and who else bears the number and was born when it
-- tells. One row an entry, number and name of such a bearer, one without a name where there is none.
-- reads   std.entry
-- A date that differs in one digit, or could be read otherwise, is a typing error of this entry's and no dispute. A number
-- that stands in the entry twice (its own, and inside a student number or disability card) is disputed only where
-- somebody else bears it: the card was made of what a clerk had copied. Where the number tells
-- another sex too, a bearer of that sex is no other spelling of this name, however near it sounds: 王沐阳, 王沐妍.
with held as (
    select entry_id, name_id, sex, born_on, born_precision, born_alternatives, citizen_no as number, embedded_no as other
    from std.entry
    where citizen_no_state = 'sound'
    union all
    select entry_id, name_id, sex, born_on, born_precision, born_alternatives, embedded_no, citizen_no
    from std.entry
    where embedded_no is not null
),
told as (
    select
        *,
        try_strptime(substr(number, 7, 8), '%Y%m%d')::date as told_on,
        case when substr(number, 17, 1)::integer % 2 = 1 then 'male' else 'female' end as told_sex
    from held
),
disputed as (
    select *, number is not distinct from other as is_twice
    from told
    where born_precision = 'day'
        and hamming(strftime(born_on, '%Y%m%d'), substr(number, 7, 8)) > 1 and not list_contains(born_alternatives, told_on)
)
select distinct
    disputed.entry_id, disputed.number, disputed.is_twice, disputed.name_id,
    case when not disputed.is_twice and disputed.sex <> disputed.told_sex and bearer.sex = disputed.told_sex then null
        else bearer.name_id end as other_name_id
from disputed
left join told as bearer
    on bearer.number = disputed.number and bearer.entry_id <> disputed.entry_id and bearer.born_on = disputed.told_on
order by all
