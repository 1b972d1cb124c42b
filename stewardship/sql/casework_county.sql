-- casework_county: whose care a child is in: where it lives, else where its hukou is. One row.
-- reads   care.migrant_status
-- params  child_id
select coalesce(residence_codes, hukou_codes, []) as codes from care.migrant_status where child_id = $child_id
