-- child_cluster: the cluster that holds a child's entries of this period. One row a child.
-- reads   link.entry_child, link.entry_profile, link.cluster
-- params  children
select tied.child_id, min(cluster.cluster_id) as cluster_id
from link.entry_child as tied
join link.entry_profile as of_profile using (entry_id)
join link.cluster as cluster using (profile_id)
where tied.child_id in (select unnest($children::varchar[]))
group by tied.child_id
