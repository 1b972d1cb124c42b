-- merged_children: pairs of true children that one cluster holds. One row a pair. Temporary.
-- reads   judged (temporary), std.entry, std.guardian, std.name
create or replace temp table merged_children as
with pair as (
    select distinct least(a.child, b.child) as one, greatest(a.child, b.child) as other
    from (select distinct child, found from judged) as a
    join (select distinct child, found from judged) as b on b.found = a.found and a.child < b.child
),
tie as (
    select distinct judged.child, unnest([guardian.citizen_no, guardian.phone, name.folded]) as value
    from judged
    join std.guardian as guardian using (entry_id)
    left join std.name as name on name.name_id = guardian.name_id
    where judged.child in (select one from pair union select other from pair)
),
born as (
    select judged.child, mode(entry.born_on) as born_on
    from judged
    join std.entry as entry using (entry_id)
    group by judged.child
)
select
    pair.one,
    pair.other,
    exists (
        from tie as a join tie as b on b.value = a.value where a.child = pair.one and b.child = pair.other and a.value is not null
    ) as is_sibling,
    coalesce(x.born_on = y.born_on, false) as born_together
from pair
left join born as x on x.child = pair.one
left join born as y on y.child = pair.other
