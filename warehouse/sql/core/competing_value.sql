-- core.competing_value: values among which one had to be chosen. One row a child, field and value, where there are several.
-- reads: core.child_value
-- by: child
select child_id, field, value, entry_id, entries, sources, confidence, place, is_chosen
from core.child_value
where values_known > 1
order by child_id, field, place
