-- linked_pair: pairs of entries that the machine links by itself, not only through others. One row a pair. Temporary.
-- reads   entry_fact (temporary), link.scored_pair
-- Entries of one profile are linked by agreeing on everything comparable.
create or replace temp table linked_pair as
select a.child = b.child as is_right
from link.scored_pair as scored
join entry_fact as a on a.profile_id = scored.left_profile
join entry_fact as b on b.profile_id = scored.right_profile
where scored.band = 'link' and a.found = b.found
union all
select a.child = b.child
from entry_fact as a
join entry_fact as b on b.profile_id = a.profile_id and a.entry_id < b.entry_id
