-- Scored pairs of the last release whose two profiles are there as they were, by today's profiles. One row a pair, left before right.
-- reads   last_release.link.scored_pair, settled_profile (temporary: profile_id, earlier_id)
-- A pair whose profiles changed their order is left out: a guard may ask about the left one.
select l.profile_id::bigint << 32 | r.profile_id as code, pair.pattern, pair.first_guard
from last_release.link.scored_pair as pair
join settled_profile as l on l.earlier_id = pair.left_profile
join settled_profile as r on r.earlier_id = pair.right_profile
where l.profile_id < r.profile_id
