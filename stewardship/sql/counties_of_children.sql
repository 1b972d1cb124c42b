-- counties_of_children: where children belong. One row a child.
-- reads   care.migrant_status
-- params  children
select child_id, list_distinct(coalesce(hukou_codes, []) || coalesce(residence_codes, [])) as codes
from care.migrant_status where child_id in (select unnest($children::varchar[]))
