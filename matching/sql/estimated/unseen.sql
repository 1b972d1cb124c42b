-- unseen: profiles that no rule ever compared, and how likely each has entries of its own elsewhere. One row a profile. Temporary.
-- reads   profile_source, likely_pair, caught, escape (temporary: how likely no group of rules would catch a profile that has mates)
-- p       by Bayes' rule: as likely as others of its source to have mates, times how likely that would not have been seen
create or replace temp table unseen as
with compared as (
    select left_profile as profile_id from likely_pair union select right_profile from likely_pair
),
by_source as (
    select source, (count(caught.profile_id) + 1) / (count(*) + 2) as has_mates
    from profile_source
    left join caught using (profile_id)
    group by source
)
select
    mine.profile_id, mine.source,
    has_mates * escape.escapes / (has_mates * escape.escapes + 1 - has_mates) as p
from profile_source as mine
join by_source using (source)
join escape using (profile_id)
anti join compared using (profile_id)
