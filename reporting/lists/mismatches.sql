-- Places that departments tell differently of one child. One row a child, kind and other place; those that matter first.
select
    mismatch.child_id, mismatch.county, mismatch.township, mismatch.kind as mismatch,
    array_to_string(mismatch.chosen_codes, '|') as chosen_county, mismatch.chosen_source,
    array_to_string(mismatch.codes, '|') as other_county, mismatch.sources as other_sources, mismatch.seen_on,
    mismatch.turns_status, mismatch.migrant_status, status.rule_id, status.clause
from care.place_mismatch as mismatch
left join care.migrant_status as status using (child_id)
