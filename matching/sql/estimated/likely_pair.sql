-- likely_pair: how likely each candidate pair is one thing, the entries around it weighed in. One row a pair. Temporary.
-- reads   link.scored_pair
create or replace temp table likely_pair as
select left_profile, right_profile, rules, 1 / (1 + 2 ** -(score + worth)) as p_same
from link.scored_pair
