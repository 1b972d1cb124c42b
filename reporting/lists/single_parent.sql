-- Children of single-parent families. One row a child.
select child_id, county, township, regular_monitoring, told_on, migrant_status, rule_id, clause
from care.single_parent
