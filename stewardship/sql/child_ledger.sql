-- child_ledger: one child's entries on the ledger of key care, as the run left them. One row a category.
-- reads   care.key_care
-- params  child_id
select category, state, opened_on, evidence_on, source, circumstances, contradicted_by, review_due_on, closed_on
from care.key_care
where child_id = $child_id
order by category
