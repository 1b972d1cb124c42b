-- asked_entry: the entries of the children that cases are about. One row an entry.
-- reads   link.review_pair, link.cluster, link.entry_profile
create temp table asked_entry as
select distinct entry_id
from link.entry_profile
join link.cluster using (profile_id)
where cluster_id in (select unnest([left_cluster, right_cluster]) from link.review_pair)
