-- The children of the cases with their ids' ages, 1 the oldest. One row a child.
-- reads   prior.issued_child, case_entry (temporary)
select asked.child_id, (row_number() over (order by issued.place nulls last, asked.least_entry))::integer as age
from (select child_id, min(entry_id) as least_entry from case_entry where child_id is not null group by child_id) as asked
left join (select child_id, min(rowid) as place from prior.issued_child group by child_id) as issued using (child_id)
