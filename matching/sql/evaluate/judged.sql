-- judged: each entry the truth knows, its true child, the child found for it, and the one exact matching gives. Temporary.
-- reads   truth_entry (temporary), std.entry, std.name, link.entry_child
-- An adult in truth is a person of its own; an entry that has no child id though the truth knows one stands alone.
create or replace temp table judged as
select
    entry.entry_id,
    case when truth.child = '' then 'adult ' || entry.entry_id else truth.child end as child,
    coalesce(link.child_id, 'none ' || entry.entry_id) as found,
    coalesce(
        entry.citizen_no, name.delivered || '|' || entry.born_on || '|' || coalesce(entry.sex, ''), 'none ' || entry.entry_id
    ) as exact,
    entry.feed || '.' || entry.table_name as source
from truth_entry as truth
join std.entry as entry using (entry_id)
left join std.name as name using (name_id)
left join link.entry_child as link using (entry_id)
where truth.child <> '' or link.child_id is not null
