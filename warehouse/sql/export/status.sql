-- export status: every child's migrant status. One row a child with an entry, or a carried fact, in the period.
-- reads: care.migrant_status
select
    child_id, period, status, rule_id, array_to_string(reasons, ';') as reasons,
    array_to_string(hukou_codes, '|') as hukou_county, array_to_string(residence_codes, '|') as residence_county,
    cast(residing_since as varchar) as residing_since, confidence
from care.migrant_status
order by child_id
