-- Children that the schools or the visits know as left-behind. One row a child.
select
    compared.child_id, compared.county, compared.township, compared.known_to, compared.is_visited, found.rule_id,
    found.clause
from care.left_behind_comparison as compared
left join care.left_behind as found using (child_id)
