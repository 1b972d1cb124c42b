-- Clusters that are as in the last release, whose child other clusters' facts name too. One row a cluster.
-- reads   link.profile_anchor, prior.known_anchor, prior.child_redirect, open_profile, intact_cluster (temporary)
with named as (
    select distinct coalesce(redirect.to_child_id, known.child_id) as child_id
    from (from link.profile_anchor semi join open_profile using (profile_id)) as fact
    join prior.known_anchor as known using (anchor)
    left join prior.child_redirect as redirect on redirect.child_id = known.child_id
)
select cluster_id from intact_cluster semi join named using (child_id) order by cluster_id
