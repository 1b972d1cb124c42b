-- entrusted_child: what whoever looks after children needs to know of each: no number, of the departments' records the address
-- alone, that of the entry which the chosen residence rests on, else of the nearest source; none in another county. One row a child.
-- reads   core.child, core.residence, care.child, care.visit_due, link.entry_child, std.place, raw.civil_affairs_field_visit,
--         raw.public_security_residence, raw.education_enrolment, raw.health_child_health, raw.disabled_federation_rehabilitation
-- params  children
with asked as (select unnest($children::varchar[]) as child_id),
told as (
    select 1 as rank, entry_id, residence_address as address from raw.civil_affairs_field_visit
    union all select 2, entry_id, residence_address from raw.public_security_residence
    union all select 3, entry_id, residence_address from raw.education_enrolment
    union all select 4, entry_id, residence_address from raw.health_child_health
    union all select 5, entry_id, residence_address from raw.disabled_federation_rehabilitation
),
lives as (
    select tied.child_id, told.address
    from told
    join link.entry_child as tied using (entry_id)
    semi join asked on asked.child_id = tied.child_id
    left join core.residence as chosen on chosen.child_id = tied.child_id and chosen.is_chosen
    left join std.place as named on named.entry_id = told.entry_id and named.kind = 'residence'
    where nullif(trim(told.address), '') is not null
      and (named.codes is null or chosen.codes is null or list_has_any(named.codes, chosen.codes))
    qualify row_number() over (
        partition by tied.child_id order by told.entry_id is distinct from chosen.entry_id, told.rank, told.entry_id
    ) = 1
)
select who.child_id, who.name, who.sex, who.born_on, home.residence_codes as codes, home.residence_township as township,
    lives.address, due.last_visit_on, due.due_on, due.state as visit_state
from core.child as who
semi join asked using (child_id)
join care.child as home using (child_id)
left join lives using (child_id)
left join care.visit_due as due using (child_id)
order by due.due_on nulls last, who.child_id
