-- Distressed children. One row a child and category.
select child_id, county, township, category, since, until, migrant_status, rule_id, clause
from care.distressed
