-- judged_different: pairs of clusters that a person holds for two children. One row a pair, the lesser first. Temporary.
-- reads   judged (temporary: pairs of profiles that a person told apart), link.cluster
create or replace temp table judged_different as
select distinct least(l.cluster_id, r.cluster_id) as one, greatest(l.cluster_id, r.cluster_id) as other
from judged
join link.cluster as l on l.profile_id = judged.left_profile
join link.cluster as r on r.profile_id = judged.right_profile
