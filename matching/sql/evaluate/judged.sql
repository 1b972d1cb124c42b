-- judged: each entry the truth knows, its true child, the child found for it, and the one exact matching gives. Temporary.
-- reads   truth_entry, truth_child (temporary), std.entry, std.name, link.entry_child
-- params  as_of: the reference date; who is 18 then is no child
-- An adult in truth is a person of its own; an entry that has no child id though the truth knows one stands alone.
create or replace temp table judged as
select
    entry.entry_id,
    case when truth.child = '' or is_of_age then 'adult ' || entry.entry_id else truth.child end as child,
    coalesce(link.child_id, 'none ' || entry.entry_id) as found,
    coalesce(
        entry.citizen_no, name.delivered || '|' || entry.born_on || '|' || coalesce(entry.sex, ''), 'none ' || entry.entry_id
    ) as exact,
    entry.feed || '.' || entry.table_name as source
from (
    select truth_entry.*, coalesce(truth_child.born <= $as_of::date - interval 18 year, false) as is_of_age
    from truth_entry
    left join truth_child using (child)
) as truth
join std.entry as entry using (entry_id)
left join std.name as name using (name_id)
left join link.entry_child as link using (entry_id)
where (truth.child <> '' and not is_of_age) or link.child_id is not null
