-- std.guardian: the people around an entry. One row an entry and slot with anything in it.
-- reads   delivered (view over the raw tables), std.entry, std.name, temp value_number, value_phone, value_relation
-- params  as_of: the reference date
with slots as (
    select entry_id, 'guardian1' as slot, guardian1_relation as relation_word, null::varchar as relation,
        guardian1_name as name, guardian1_citizen_no as number, guardian1_phone as phone
    from delivered
    where coalesce(guardian1_name, guardian1_citizen_no, guardian1_phone) is not null
    union all
    select entry_id, 'guardian2', guardian2_relation, null, guardian2_name, guardian2_citizen_no, guardian2_phone
    from delivered
    where coalesce(guardian2_name, guardian2_citizen_no, guardian2_phone) is not null
    union all
    select entry_id, 'father', null, 'father', father_name, father_citizen_no, null
    from delivered
    where coalesce(father_name, father_citizen_no) is not null
    union all
    select entry_id, 'mother', null, 'mother', mother_name, mother_citizen_no, null
    from delivered
    where coalesce(mother_name, mother_citizen_no) is not null
    union all
    select entry_id, 'head', null, 'head', head_name, null, null
    from delivered
    where head_name is not null
    union all
    select entry_id, 'contact', null, 'contact', null, null, phone
    from delivered
    where phone is not null
),
resolved as (
    select
        s.entry_id, s.slot, coalesce(s.relation, r.relation) as relation, n.name_id,
        case
            when v.state in ('sound', 'fifteen') and v.born_on <= $as_of - interval 16 year then v.number
        end as citizen_no,
        p.phone, v.number
    from slots as s
    left join value_relation as r on r.delivered = s.relation_word
    left join (select * from std.name where kind not in ('blank', 'placeholder')) as n on n.delivered = s.name
    left join value_number as v on v.delivered = s.number
    left join value_phone as p on p.delivered = s.phone
)
select entry_id, slot, relation, name_id, citizen_no, phone
from resolved
where name_id is not null or citizen_no is not null or phone is not null
union all
-- an adult's number typed into the child's field, where no guardian of the row has it already
select e.entry_id, 'citizen_no', null, null, own.number, null
from std.entry as e
join delivered as d using (entry_id)
join value_number as own on own.delivered = d.citizen_no
anti join resolved as r on r.entry_id = e.entry_id and r.number = own.number
where e.citizen_no_state = 'guardian' and own.born_on <= $as_of - interval 16 year
