-- entrusted_child: what whoever looks after children needs to know of each: no number, of the departments' records the address
-- alone (by the warehouse's lookup/home_address, put in here). One row a child.
-- reads   core.child, care.child, care.visit_due
-- params  children
with asked as (select unnest($children::varchar[]) as child_id),
lives as ($home_address)
select who.child_id, who.name, who.sex, who.born_on, home.residence_codes as codes, home.residence_township as township,
    lives.address, due.last_visit_on, due.due_on, due.state as visit_state
from core.child as who
semi join asked using (child_id)
join care.child as home using (child_id)
left join lives using (child_id)
left join care.visit_due as due using (child_id)
order by due.due_on nulls last, who.child_id
