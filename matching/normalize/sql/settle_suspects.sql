-- A number that passes the check but ends as Excel leaves a rounded one is believed where it also stands inside a longer
-- number, which Excel can't have rounded, or in a database, unless a workbook filled that: the same name is known with a
-- sound number of the same first 15 digits. Else it is destroyed.
-- reads   temp value_number (updates it), value_embedded, delivered (view over the raw tables)
update value_number as v
set state = case when is_elsewhere then 'sound' else 'destroyed' end,
    number = case when is_elsewhere then v.number end,
    fault = case when is_elsewhere then null else 'destroyed' end
from (
    with suspect as (select delivered, number, left(number, 15) as kept from value_number where state = 'suspect'),
    whole as (  -- the sound numbers that a suspect may be what is left of
        select number.delivered, number.number, suspect.number as suspect
        from (
            select delivered, number from value_number where state = 'sound'
            union all
            select delivered, number from value_embedded
        ) as number
        join suspect on suspect.kept = left(number.number, 15) and suspect.number <> number.number
    ),
    known_whole as (  -- suspects whose bearer's name is known with the whole number
        select suspect.number
        from delivered as rounded
        join suspect on suspect.delivered = rounded.citizen_no
        join whole on whole.suspect = suspect.number
        join delivered as other
            on other.name = rounded.name and whole.delivered in (other.citizen_no, other.student_no, other.disability_card_no)
    ),
    in_database as (
        select citizen_no as delivered from delivered where feed = 'public_security'
        union all select guardian1_citizen_no from delivered where feed = 'public_security'
        union all select father_citizen_no from delivered where feed = 'public_security'
        union all select mother_citizen_no from delivered where feed = 'public_security'
    )
    select
        suspect.delivered,
        suspect.number in (select number from value_embedded)
        or suspect.number in (
            select number from suspect semi join in_database using (delivered)
            except
            select number from known_whole
        ) as is_elsewhere
    from suspect
) as settled
where settled.delivered = v.delivered
