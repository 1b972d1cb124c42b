-- visited_child: who is visited, and where the child is known to live. One row.
-- reads   core.child, care.child
-- params  child_id
select child_id, child.name, child.sex, child.born_on, about.residence_county as county, about.residence_township as township
from core.child as child
left join care.child as about using (child_id)
where child_id = $child_id
