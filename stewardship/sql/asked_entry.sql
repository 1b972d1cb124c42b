-- asked_entry: the entries of the children that cases are about. One row an entry.
-- reads   link.cluster, link.entry_profile, case_member (temporary)
create temp table asked_entry as
select member.case_id, member.cluster_id, of_profile.profile_id, of_profile.entry_id
from case_member as member
join link.cluster as cluster using (cluster_id)
join link.entry_profile as of_profile using (profile_id)
