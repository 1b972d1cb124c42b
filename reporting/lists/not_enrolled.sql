-- Children of school age on no school's roll. One row a child.
select child_id, county, township, why as why_not, migrant_status, rule_id, clause
from care.not_enrolled
