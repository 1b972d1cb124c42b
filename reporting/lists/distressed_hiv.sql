-- Distressed children infected with HIV: a list that is asked for by its own name. One row a child.
select child_id, county, township, category, since, until, migrant_status, rule_id, clause
from care.distressed
where category = 'hiv'
