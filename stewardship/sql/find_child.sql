-- find_child: children of some counties by what somebody typed. One row a child.
-- reads   core.child, care.migrant_status
-- params  name (without spaces and dots), born_on, citizen_no (null: not asked); counties; is_whole: whether they are the whole jurisdiction, whose people also
--         see the children none of whose counties lies in it
select child.child_id, child.name, child.sex, child.born_on, child.citizen_no, child.entries,
    coalesce(status.residence_codes, status.hukou_codes, []) as codes, status.status
from (select *, upper(regexp_replace(name, '[\s·]', '', 'g')) as spelt from core.child) as child
join care.migrant_status as status using (child_id)
where
    ($name::varchar is null or child.spelt = $name or (length($name) >= 2 and contains(child.spelt, $name)))
    and ($born_on::date is null or child.born_on = $born_on)
    and ($citizen_no::varchar is null or child.citizen_no = $citizen_no)
    and (
        $is_whole
        or list_has_any(coalesce(status.hukou_codes, []) || coalesce(status.residence_codes, []), $counties::varchar[])
    )
order by child.spelt = $name desc, child.name, child.born_on, child.child_id
limit $at_most
