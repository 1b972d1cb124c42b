-- found_cluster: the cluster of each child's entry. One row an entry.
-- reads   link.cluster, link.entry_profile
create or replace temp view found_cluster as
select entry_id as unique_id, cluster_id
from link.entry_profile
join link.cluster using (profile_id)
