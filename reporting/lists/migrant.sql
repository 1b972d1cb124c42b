-- Migrant children of the period. One row a child.
select
    status.child_id, status.residence_codes[1] as county, about.residence_township as township,
    array_to_string(status.hukou_codes, '|') as hukou_county, status.residing_since, status.accompanied, status.confidence,
    status.rule_id, status.clause
from care.migrant_status as status
left join care.child as about using (child_id)
where status.status = 'migrant'
