-- core.guardian: whom the entries name as a child's guardians. One row a child and person: told apart by number, else name.
-- Where the person registered a residence of its own, that place is beside it: it says who lives with the child; where it
-- stands in the police's tables with its hukou, that county too.
-- reads: std.guardian, std.name, std.entry, std.place, std.public_security_residence, std.public_security_hukou,
--   link.entry_child
-- params: as_of
-- by: child
with child as (  -- by number: a million rows are grouped and joined by it
    select child_id, min(entry_id) as child_no from link.entry_child where child_id is not null group by child_id
),
named as (
    select
        child.child_no, guardian.entry_id, guardian.relation, guardian.citizen_no, guardian.phone,
        nullif(name.folded, '') as name,
        case guardian.relation when 'father' then 1 when 'mother' then 2 when 'grandparent' then 3 when 'other' then 4 else 5
        end as relation_rank
    from std.guardian as guardian
    join link.entry_child as tied using (entry_id)
    join child using (child_id)
    left join std.name as name using (name_id)
    where (guardian.relation is null or guardian.relation not in ('head', 'contact'))
      and (guardian.citizen_no is not null or nullif(name.folded, '') is not null)
),
number_of_name as (  -- the number that most entries of this child give with this name
    select child_no, name, arg_min(citizen_no, struct_pack(rarer := -entries, citizen_no := citizen_no)) as citizen_no
    from (
        select child_no, name, citizen_no, count(*) as entries
        from named
        where name is not null and citizen_no is not null
        group by child_no, name, citizen_no
    )
    group by child_no, name
),
told_apart as (
    select named.*, coalesce(named.citizen_no, known.citizen_no) as number
    from named
    left join number_of_name as known on known.child_no = named.child_no and known.name = named.name
),
person as (
    select
        child_no, coalesce(number, 'name ' || name) as person, max(number) as citizen_no,
        arg_min(name, entry_id) as name, arg_min(relation, relation_rank) as relation, arg_min(phone, entry_id) as phone,
        min(entry_id) as entry_id, cast(count(distinct entry_id) as integer) as entries
    from told_apart
    group by all
),
registration as (
    select
        entry.citizen_no, place.codes, entry.entry_id,
        least(residence.residence_since, residence.registered_on, residence.permit_issued_on) as since_on
    from std.entry as entry
    join std.public_security_residence as residence using (entry_id)
    join std.place as place on place.entry_id = entry.entry_id and place.kind = 'residence'
    where entry.is_adult and entry.citizen_no is not null and place.codes is not null
      and (residence.cancelled_on is null or residence.cancelled_on > $as_of)
    qualify row_number() over (
        partition by entry.citizen_no order by residence.residence_since desc nulls last, entry.entry_id
    ) = 1
),
at_home as (
    select entry.citizen_no, place.county, entry.entry_id
    from std.entry as entry
    join std.place as place on place.entry_id = entry.entry_id and place.kind = 'hukou'
    left join std.public_security_hukou as register on register.entry_id = entry.entry_id
    where entry.is_adult and entry.citizen_no is not null and place.county is not null and entry.feed = 'public_security'
      and register.cancellation is distinct from 'cancelled'
    qualify row_number() over (
        partition by entry.citizen_no order by entry.table_name = 'hukou' desc, entry.entry_id
    ) = 1
)
select
    child.child_id,
    cast(row_number() over (partition by person.child_no order by person.entries desc, person.entry_id, person.person)
        as integer) as guardian_no,
    person.relation, person.name, person.citizen_no, person.phone, person.entry_id, person.entries,
    registration.codes as residence_codes, registration.since_on as residence_since,
    registration.entry_id as registration_entry_id,
    at_home.county as hukou_county, at_home.entry_id as hukou_entry_id
from person
join child using (child_no)
left join registration using (citizen_no)
left join at_home using (citizen_no)
