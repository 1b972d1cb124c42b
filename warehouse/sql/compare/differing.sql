-- compare differing: children whose status is another under the other rule. One row a child.
-- one, other: care.migrant_status as made under each of the two rules
select
    one.child_id, one.status as one_status, other.status as other_status,
    one.clause as one_clause, other.clause as other_clause,
    array_to_string(one.reasons, '|') as one_reasons, array_to_string(other.reasons, '|') as other_reasons
from one
join other using (child_id)
where one.status <> other.status
order by one.child_id
