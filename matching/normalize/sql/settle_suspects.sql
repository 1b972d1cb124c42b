-- A number that passes the check but ends as Excel leaves a rounded one is believed where it also stands inside a longer
-- number, which Excel can't have rounded, or in a database that a workbook didn't fill: no sound number shares its first
-- 15 digits. Else it is destroyed.
-- reads   temp value_number (updates it), value_embedded, delivered (view over the raw tables)
update value_number as v
set state = case when is_elsewhere then 'sound' else 'destroyed' end,
    number = case when is_elsewhere then v.number end,
    fault = case when is_elsewhere then null else 'destroyed' end
from (
    select s.delivered, s.number in (
        select number from value_embedded
        union all
        select n.number from value_number as n join (
            select citizen_no as text from delivered where feed = 'public_security'
            union all select guardian1_citizen_no from delivered where feed = 'public_security'
            union all select father_citizen_no from delivered where feed = 'public_security'
            union all select mother_citizen_no from delivered where feed = 'public_security'
        ) as d on d.text = n.delivered
        where n.state = 'suspect'
            and left(n.number, 15) not in (
                select left(number, 15) from value_number where state = 'sound'
                union all select left(number, 15) from value_embedded
            )
    ) as is_elsewhere
    from value_number as s
    where s.state = 'suspect'
) as settled
where settled.delivered = v.delivered
