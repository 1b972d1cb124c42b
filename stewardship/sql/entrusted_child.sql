-- entrusted_child: what whoever looks after children needs to know of each: no number, no department's record. One row a child.
-- reads   core.child, care.child, care.visit_due
-- params  children
select who.child_id, who.name, who.sex, who.born_on, home.residence_codes as codes, home.residence_township as township,
    due.last_visit_on, due.due_on, due.state as visit_state
from core.child as who
join care.child as home using (child_id)
left join care.visit_due as due using (child_id)
where who.child_id in (select unnest($children::varchar[]))
order by due.due_on nulls last, who.child_id
