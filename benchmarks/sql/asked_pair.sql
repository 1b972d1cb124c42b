-- asked_pair: a pair of the review queue with its true answer. One row a review pair. Temporary.
-- reads   link.review_pair, entry_fact (temporary)
-- is_same is null where the truth doesn't know one of the entries
create or replace temp table asked_pair as
select
    asked.case_id, asked.kind, asked.guard, asked.score, asked.left_entry_id, asked.right_entry_id,
    a.child = b.child as is_same
from link.review_pair as asked
left join entry_fact as a on a.entry_id = asked.left_entry_id
left join entry_fact as b on b.entry_id = asked.right_entry_id
