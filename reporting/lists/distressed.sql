-- Distressed children, without those infected with HIV (distressed_hiv). One row a child and category.
select child_id, county, township, category, since, until, migrant_status, rule_id, clause
from care.distressed
where category <> 'hiv'
