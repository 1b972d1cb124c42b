-- Pairs that stewards judged blind: the model's probability and whether they said one child. One row a judged pair.
-- reads   prior.decision, named_entry, likely_pair (temporary), link.entry_profile
select scored.p_same, lower(judged.judgement) = 'same' as is_same
from prior.decision as judged
join named_entry as a on (a.feed, a.table_name, a.key) = (judged.left_feed, judged.left_table, judged.left_key)
join named_entry as b on (b.feed, b.table_name, b.key) = (judged.right_feed, judged.right_table, judged.right_key)
join link.entry_profile as l on l.entry_id = a.entry_id
join link.entry_profile as r on r.entry_id = b.entry_id
join likely_pair as scored
    on scored.left_profile = least(l.profile_id, r.profile_id)
    and scored.right_profile = greatest(l.profile_id, r.profile_id)
where judged.is_blind and lower(judged.judgement) in ('same', 'different')
order by scored.left_profile, scored.right_profile
