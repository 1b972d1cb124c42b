-- Entries of the ledger of key care that aren't closed. One row a child and category.
select
    child_id, county, township, category, state, opened_on, review_due_on, evidence_on, source, migrant_status, rule_id,
    clause
from care.key_care
where state <> 'closed'
