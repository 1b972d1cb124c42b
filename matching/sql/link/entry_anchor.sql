-- entry_anchor: facts of a cluster that tell which child it is in another period. One row a cluster and fact. Temporary.
-- reads   profile_anchor (temporary), link.cluster
-- An anchor that stands at two clusters tells them apart no more: left out.
create or replace temp table entry_anchor as
select min(cluster.cluster_id) as cluster_id, max(held.weight)::integer as weight, held.anchor
from profile_anchor as held
join link.cluster as cluster using (profile_id)
group by held.anchor
having count(distinct cluster.cluster_id) = 1
