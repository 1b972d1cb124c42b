-- compare counted: how many children differ, by statuses and clauses. One row a combination.
-- differing: what differing.sql gives
select one_status, other_status, one_clause, other_clause, count(*) as children
from differing
group by all
order by children desc, one_status, other_status, one_clause, other_clause
