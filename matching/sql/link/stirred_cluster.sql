-- Clusters that are as in the last release, though a fact of theirs may have got or lost another bearer, or they have none. One row a cluster.
-- reads   link.profile_anchor, last_release.link.anchor, last_release.link.shared_anchor, open_profile (temporary: those of clusters that
--         are not), intact_cluster (temporary: cluster_id, child_id), intact_profile (temporary: earlier_id, cluster_id)
with new_fact as (select distinct anchor from link.profile_anchor semi join open_profile using (profile_id)),
met as (
    select earlier.child_id from last_release.link.anchor as earlier semi join new_fact using (anchor)
),
shared as (
    select fact.anchor, intact.cluster_id
    from last_release.link.shared_anchor as fact
    left join intact_profile as intact on intact.earlier_id = fact.profile_id
),
loosened as (
    select anchor from shared where cluster_id is null
    union
    select anchor from shared semi join new_fact using (anchor)
)
select cluster_id from intact_cluster semi join met using (child_id)
union
select cluster_id from intact_cluster anti join last_release.link.anchor using (child_id)
union
select cluster_id from shared semi join loosened using (anchor) where cluster_id is not null
order by cluster_id
