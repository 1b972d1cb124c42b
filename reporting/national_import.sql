-- Migrant children for the national system's sheet, with what it asks of each. One row a child. Of a county that may be one
-- of several no code is told: it is to be completed by hand.
select
    status.child_id, person.name, child.citizen_no, child.sex, person.born_on, child.ethnic_code as ethnic_group,
    array_to_string(status.hukou_codes, '|') as hukou_county, case when len(status.hukou_codes) = 1 then status.hukou_codes[1] end as hukou_code,
    array_to_string(status.residence_codes, '|') as residence_county, case when len(status.residence_codes) = 1 then status.residence_codes[1] end as residence_code,
    person.address, strftime(status.residing_since, '%Y-%m-%d') as residing_since, status.accompanied as company,
    person.guardian, person.relation, person.phone, person.school_name
from listed
join care.migrant_status as status using (child_id)
join core.child as child using (child_id)
left join person using (child_id)
order by residence_county, person.township_name nulls last, person.name, status.child_id
