-- Children of a period with all that any recipient of a packet may be told. One row a child.
-- A county that may be one of several (a split county) is null: nobody is told of a child that may not be theirs.
-- claims: services claimed at the hukou place (claims.sql).
-- residence_township: its code, and its name where deliveries write one beside it.
-- reads: care.child, care.migrant_status, core.child, std.township, temp claim
-- params: as_of
select
    status.child_id, status.status,
    case child.sex when 'male' then '男' when 'female' then '女' end as sex,
    child.name, child.citizen_no,
    case child.born_precision
        when 'day' then strftime(child.born_on, '%Y-%m-%d')
        when 'month' then strftime(child.born_on, '%Y-%m')
        else strftime(child.born_on, '%Y')
    end as born_on,
    date_sub('year', child.born_on, cast($as_of as date)) as years,
    case when len(status.hukou_codes) = 1 then status.hukou_codes[1] end as hukou_county,
    case when len(status.residence_codes) = 1 then status.residence_codes[1] end as residence_county,
    about.residence_township || coalesce(' ' || called.name, '') as residence_township,
    strftime(status.residing_since, '%Y-%m-%d') as residing_since, claim.claims,
    case when list_bool_or(list_transform(child.known_to, lambda x: starts_with(x, 'education/'))) then '是' else '否' end
        as known_to_education,
    case when list_bool_or(list_transform(child.known_to, lambda x: starts_with(x, 'public_security/'))) then '是' else '否' end
        as known_to_public_security
from care.migrant_status as status
join core.child as child using (child_id)
left join care.child as about using (child_id)
left join claim using (child_id)
left join ($township_name) as called on called.township = about.residence_township
