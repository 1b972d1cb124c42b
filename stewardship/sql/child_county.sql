-- child_county: where a child belongs. One row.
-- reads   care.migrant_status
-- params  child_id
select list_distinct(coalesce(hukou_codes, []) || coalesce(residence_codes, [])) as codes
from care.migrant_status where child_id = $child_id
