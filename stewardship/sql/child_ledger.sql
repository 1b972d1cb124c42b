-- child_ledger: one child's entries on the ledger of key care, as the run left them. One row a category. What proposes a
-- behaviour anomaly isn't told: health's register of mental disorders would be read from it.
-- reads   care.key_care
-- params  child_id
select category, state, opened_on, evidence_on, contradicted_by,
    case when category <> 'behaviour_anomaly' then circumstances end as circumstances, review_due_on, closed_on
from care.key_care
where child_id = $child_id
order by category
