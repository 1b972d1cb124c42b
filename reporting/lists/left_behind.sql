-- Left-behind children. One row a child.
select
    child_id, county, township, branch, father_away_since, mother_away_since, living_with, told_on,
    conflicts, migrant_status, rule_id, clause
from care.left_behind
