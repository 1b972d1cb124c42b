-- case_sibling: children that share a guardian's number, a phone or a household with a child of the case. One row a child of a
-- case and a child beside it, with what they share.
-- codes  of its counties, by which it is shown to some and not to others
-- reads   std.guardian, std.entry, link.entry_child, core.child, care.migrant_status, case_entry (temporary)
create temp table case_sibling as
with told as (
    select entry_id, 'guardian_no' as shared, citizen_no as value from std.guardian where citizen_no is not null
    union all
    select entry_id, 'phone', phone from std.guardian where phone is not null
    union all
    select entry_id, 'household_no', household_no from std.entry where household_no is not null
),
known as (
    select distinct tied.child_id, told.shared, told.value from told join link.entry_child as tied using (entry_id)
),
family as (  -- what more children share than a family has is no household
    select shared, value from known group by shared, value having count(*) between 2 and 8
),
inside as (select distinct case_id, child_id from case_entry),
beside as (
    select distinct inside.case_id, other.child_id, family.shared
    from inside
    join known on known.child_id = inside.child_id
    join family on family.shared = known.shared and family.value = known.value
    join known as other on other.shared = known.shared and other.value = known.value
)
select beside.case_id, beside.child_id, list_sort(list(beside.shared)) as shares, child.name, child.sex, child.born_on,
    list_distinct(coalesce(status.hukou_codes, []) || coalesce(status.residence_codes, [])) as codes
from beside
join core.child as child on child.child_id = beside.child_id
left join care.migrant_status as status on status.child_id = beside.child_id
anti join inside on inside.case_id = beside.case_id and inside.child_id = beside.child_id
group by all
order by beside.case_id, child.born_on, beside.child_id
