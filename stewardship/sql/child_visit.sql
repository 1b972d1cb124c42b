-- child_visit: visits to one child and contacts with it, the latest first. One row a visit.
-- reads   core.visit
-- params  child_id
select visited_on, visit_kind, living_with, entry
from core.visit
where child_id = $child_id
order by visited_on desc nulls last, entry
