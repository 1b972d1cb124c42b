-- case_pair: the open pairs of the cases with what the machine makes of each. One row a pair, the best of a case first.
-- reads   link.review_pair, link.scored_pair, link.pattern
create temp table case_pair as
select
    pair.case_id, pair.left_cluster, pair.right_cluster, pair.left_profile, pair.right_profile,
    pair.left_entry_id, pair.right_entry_id, pair.kind, pair.guard, pair.p_same,
    pair.score, scored.worth, scored.band, pattern.* exclude (pattern, pairs, score, p_same)
from link.review_pair as pair
left join link.scored_pair as scored using (left_profile, right_profile)
left join link.pattern as pattern on pattern.pattern = pair.pattern
order by pair.case_id, pair.score desc nulls last, pair.left_entry_id, pair.right_entry_id
