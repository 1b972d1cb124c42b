-- Pairs of children's entries that bear one sound number and differ in birth date and in name as typed: whether the
-- names are variants of one another is asked of the comparison. One row a number and pair of names.
-- Who bears it with the birth date that it tells was born then, whatever another entry of that name says.
-- reads   std.entry
with borne as (
    select distinct citizen_no, name_id, born_on
    from std.entry
    where citizen_no_state = 'sound' and name_id is not null and born_on is not null
    qualify strftime(born_on, '%Y%m%d') = substr(citizen_no, 7, 8)
        or not bool_or(strftime(born_on, '%Y%m%d') = substr(citizen_no, 7, 8)) over (partition by citizen_no, name_id)
),
crowded as (
    select citizen_no from borne
    group by citizen_no
    having count(distinct name_id) > 1 and count(distinct born_on) > 1
)
select distinct a.citizen_no, a.name_id, b.name_id as other_name_id
from borne as a
join borne as b on a.citizen_no = b.citizen_no and a.name_id < b.name_id and a.born_on <> b.born_on
where a.citizen_no in (from crowded)
