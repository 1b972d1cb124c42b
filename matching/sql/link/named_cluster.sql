-- Clusters of the last release whose child somebody else's facts name now, or may name. One row a cluster.
-- reads   link.profile_anchor (of what is new, and of clusters that aren't as they were), prior.known_anchor,
--         last_release.link.shared_anchor, link.earlier_child
-- A fact that stood at several children is still an older child's where periods before named it: whoever bears it may be carried.
with named as (
    select known.earlier_child_id as child_id
    from link.profile_anchor as fact
    join prior.known_anchor as known using (anchor)
    union all
    select known.earlier_child_id
    from last_release.link.shared_anchor as fact
    join prior.known_anchor as known using (anchor)
)
select distinct earlier_child.cluster_id
from link.earlier_child as earlier_child
semi join named using (child_id)
