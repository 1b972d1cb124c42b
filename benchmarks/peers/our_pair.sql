-- found_pair: the pairs that our steps scored, entry by entry. One row a pair of entries, in the columns every engine leaves.
-- reads   link.scored_pair, link.entry_profile
-- Entries of one profile agree on everything; they are links of the highest score there is.
create or replace temp view found_pair as
select
    least(l.entry_id, r.entry_id) as left_id,
    greatest(l.entry_id, r.entry_id) as right_id,
    pair.score,
    pair.band = 'link' as is_link
from link.scored_pair as pair
join link.entry_profile as l on l.profile_id = pair.left_profile
join link.entry_profile as r on r.profile_id = pair.right_profile
where pair.score > -10 and pair.band <> 'forbid'
union all
select l.entry_id, r.entry_id, 1000, true
from link.entry_profile as l
join link.entry_profile as r on r.profile_id = l.profile_id and l.entry_id < r.entry_id
