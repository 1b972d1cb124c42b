-- link.profile of what the last release holds and of new_profile: those that entries have now, under their numbers. One row a profile.
-- reads   last_release.link.profile, new_profile, numbered_profile (temporary: held_id, profile_id, entries, entry_id, name_id,
--         former_name_id, told)
-- Names are numbered anew in each build. Not in order: sorting rows this wide costs more than reading them unsorted.
create or replace table link.profile as
select
    held.* replace (
        now.profile_id as profile_id, now.entries as entries, now.entry_id as entry_id, now.name_id as name_id,
        now.former_name_id as former_name_id, now.told as told
    )
from (from last_release.link.profile union all from new_profile) as held
join numbered_profile as now on now.held_id = held.profile_id
