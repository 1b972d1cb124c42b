-- Children to be visited for registration, with where they stand against the last period. One row a child.
select child_id, county, township, basis, standing, earlier_county, status, rule_id, clause,
    standing = 'moved' as is_ours
from care.base_list
