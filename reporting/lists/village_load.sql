-- Left-behind and distressed children by village, or by the finest place known. One row a place.
select county, township, place, place_kind, left_behind, distressed, distinct_children, level, rule_id, clause
from care.village_load
where distinct_children > 0
