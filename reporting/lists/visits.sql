-- Children to be visited, those whose visit or contact isn't done. One row a child.
select
    child_id, county, township, why as groups, more_often, cadence_months, last_visit_on, due_on, state, contact_due_on,
    contact_state, rule_id, clause
from care.visit_due
where state <> 'done' or contact_state <> 'done'
