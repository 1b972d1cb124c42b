-- link.kept_profile: profiles whose content the last release holds too. One row a profile of both. Gone before the release.
-- reads   link.profile, last_release.link.profile
-- tells_same  what its entries are known by in another period is also the same: keys, numbers, guardians
create or replace table link.kept_profile as
select now.profile_id, earlier.profile_id as earlier_id, now.told = earlier.told and now.entries = earlier.entries as tells_same
from link.profile as now
join last_release.link.profile as earlier using (signature, counter_signature)
order by now.profile_id
