-- doubtful: two cores of one cluster, and how likely they aren't one after all. One row a pair of cores. Temporary.
-- reads   core_pair (temporary: linked pairs between cores, with the best score), profile_core (temporary)
-- q       the weaker of the two cores' strongest ties to the rest of the cluster
create or replace temp table doubtful as
with side as (
    select one as core_id, p_same from core_pair union all select other, p_same from core_pair
),
tie as (
    select core_id, max(p_same) as p_same from side group by core_id
),
core as (
    select distinct cluster_id, core_id from profile_core
)
select a.cluster_id, a.core_id as one, b.core_id as other, 1 - least(ta.p_same, tb.p_same) as q
from core as a
join core as b on b.cluster_id = a.cluster_id and b.core_id > a.core_id
join tie as ta on ta.core_id = a.core_id
join tie as tb on tb.core_id = b.core_id
