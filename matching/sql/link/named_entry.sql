-- named_entry: the entries whose keys people named, by each of the names that an answer can give them. One row an entry and name. Temporary.
-- reads   prior.decision, std.entry, std.name, with_person (temporary macro)
create or replace temp table named_entry as
with judged as (
    select left_feed as feed, left_table as table_name, left_key as key from prior.decision
    union
    select right_feed, right_table, right_key from prior.decision
),
borne as (
    select distinct feed, table_name, regexp_replace(key, '#[0-9a-f]{12}$', '') as key from judged
    union
    select feed, table_name, key from judged
)
select
    entry.entry_id, entry.feed, entry.table_name,
    unnest([entry.key, with_person(entry.key, name.near_sound_key, entry.born_on)]) as key
from std.entry as entry
semi join borne using (feed, table_name, key)
left join std.name as name using (name_id)
