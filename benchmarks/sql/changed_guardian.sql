-- std.guardian of the entries of changed_entry.sql: a third of the changed children's have another phone. One row a guardian.
-- reads   last_release.std.guardian, later_child (temporary), std.entry
create or replace table std.guardian as
with changed as (
    select guardian.* replace (
        case when part < $changed and part % 3 = 0 then '199' || substr(phone, 4) else phone end as phone
    )
    from last_release.std.guardian as guardian
    left join later_child using (entry_id)
    semi join std.entry using (entry_id)
),
born as (
    select guardian.* replace (entry_id + $offset as entry_id)
    from last_release.std.guardian as guardian
    join later_child using (entry_id)
    where part >= 1000 - $new
)
from changed union all from born order by entry_id, slot
