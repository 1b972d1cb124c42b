-- quarantine_group: what lies in the period's quarantine. One row a table, file and reason.
-- reads   raw.quarantine
select feed, table_name, file, reason, count(*) as rows, case when count(distinct detail) = 1 then any_value(detail) end as detail
from raw.quarantine
group by feed, table_name, file, reason
order by feed, table_name, file, rows desc, reason
