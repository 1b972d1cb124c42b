-- Entries of the ledger of key care that aren't closed. One row a child and category. The source of a behaviour anomaly
-- isn't told: health's register of mental disorders would be read from it. What was opened here is this home's until it is closed, wherever the child lives.
select
    child_id, county, township, category, state, opened_on, review_due_on, evidence_on,
    case when category <> 'behaviour_anomaly' then source end as source, migrant_status, rule_id, clause,
    state <> 'proposed' as is_ours
from care.key_care
where state <> 'closed'
