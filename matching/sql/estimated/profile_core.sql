-- profile_core: profiles of clusters that hold more than one core, with their core. One row a profile. Temporary.
-- reads   core_of (temporary: one row a profile), link.cluster
create or replace temp table profile_core as
select core.profile_id, core.core_id, cluster.cluster_id
from core_of as core
join link.cluster as cluster using (profile_id)
where cluster.cluster_id in (
    select cluster_id from core_of join link.cluster using (profile_id) group by cluster_id having count(distinct core_id) > 1
)
