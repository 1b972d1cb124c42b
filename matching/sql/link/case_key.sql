-- Natural keys of the entries that cases ask about: of the profiles in their pairs. One row a case, by its label.
-- reads   asked_profile (temporary: label, profile_id), link.entry_profile, std.entry
-- An entry without a key is known by its number, which no later delivery has to keep.
select
    asked.label,
    list(distinct entry.feed || '/' || entry.table_name || '/' || coalesce(nullif(entry.key, ''), entry.entry_id::varchar)) as keys
from asked_profile as asked
join link.entry_profile as of_profile using (profile_id)
join std.entry as entry using (entry_id)
group by asked.label
order by asked.label
