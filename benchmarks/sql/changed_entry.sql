-- std.entry of a later half-year: the last release's, with a value changed in every entry of some children. One row an entry.
-- reads   last_release.std.entry, later_child (temporary: entry_id, part of a thousand that its child is in)
-- params  changed, gone, new: how many of a thousand children have moved or are typed otherwise, are gone, come anew
-- By thirds the changed moved house, have a name typed wrong or a document's number anew; the new are others' entries, born later.
create or replace table std.entry as
with typed as (
    select entry_id, lead(name_id) over (partition by feed, table_name order by entry_id) as next_name_id
    from last_release.std.entry
),
changed as (
    select
        entry.* replace (
            case when part < $changed and part % 3 = 0 then entry.residence_address_key || '甲'
                else entry.residence_address_key end as residence_address_key,
            case when part < $changed and part % 3 = 1 then coalesce(typed.next_name_id, entry.name_id) else entry.name_id end as name_id,
            case when part < $changed and part % 3 = 2 then entry.key || '1' else entry.key end as key,
            case when part < $changed and part % 3 = 2 then entry.student_no || '1' else entry.student_no end as student_no,
            case when part < $changed and part % 3 = 2 then entry.insured_no || '1' else entry.insured_no end as insured_no
        )
    from last_release.std.entry as entry
    join typed using (entry_id)
    left join later_child using (entry_id)
    where part is null or part < $changed or part >= $changed + $gone
),
born as (
    select
        entry.* replace (
            entry_id + $offset as entry_id, key || 'x' as key, born_on + 97 as born_on,
            null as citizen_no, null as embedded_no, null as citizen_no_unverified, student_no || 'x' as student_no,
            insured_no || 'x' as insured_no, health_record_no || 'x' as health_record_no
        )
    from last_release.std.entry as entry
    join later_child using (entry_id)
    where part >= 1000 - $new
)
from changed union all from born order by entry_id
