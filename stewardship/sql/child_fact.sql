-- child_fact: every value that a department gives for one child. One row a field and value, the chosen one first.
-- reads   core.child_value
-- params  child_id
select field, value, sources, confidence, is_chosen, values_known
from core.child_value where child_id = $child_id order by field, place
