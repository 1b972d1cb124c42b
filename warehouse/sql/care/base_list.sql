-- care.base_list: the visit list (摸排底数): who lives here and may be a migrant child, as education and public security know,
-- others marked (basis). One row a child. standing compares with the earlier period: new, known, moved (to another county or
-- township), not_found (no table that came places the child any more; listed once).
-- reads: care.child, core.child, core.child_redirect, core.residence, prior.base_list, policy.base_list_rule
-- params: period
with earlier as (
    select coalesce(redirect.to_child_id, listed.child_id) as child_id, listed.* exclude (child_id)
    from prior.base_list as listed
    left join core.child_redirect as redirect on redirect.child_id = listed.child_id
    where listed.standing <> 'not_found'
    qualify row_number() over (
        partition by coalesce(redirect.to_child_id, listed.child_id) order by listed.child_id
    ) = 1
),
known as (  -- feeds by which the child is known, of this period or standing for one
    select child_id, list_sort(list_distinct(list_transform(known_to, lambda told: split_part(told, '@', 1)))) as known_to
    from core.child
),
current as (
    select
        child.child_id, child.residence_county as county, child.residence_codes, child.residence_township as township,
        known.known_to, child.status, child.is_here, rule.rule_id, rule.clause, residence.entry as evidence,
        list_contains(rule.statuses, child.status) as is_asked
    from care.child as child
    join known using (child_id)
    join policy.base_list_rule as rule on rule.county = coalesce(child.residence_codes[1], '000000')
    left join core.residence as residence on residence.child_id = child.child_id and residence.is_chosen
),
listed as (
    select
        current.* exclude (is_here, is_asked, residence_codes),
        earlier.county as earlier_county, earlier.township as earlier_township,
        case
            when earlier.child_id is null then 'new'
            when earlier.county is not null and not coalesce(list_contains(current.residence_codes, earlier.county), true) then 'moved'
            when earlier.township <> current.township then 'moved'
            else 'known'
        end as standing
    from current
    left join earlier using (child_id)
    where current.is_here and current.is_asked
       or earlier.child_id is not null and not current.is_here and current.residence_codes is not null
),
missing as (
    select
        earlier.child_id, earlier.county, earlier.township, earlier.known_to,
        coalesce(current.status, 'undetermined') as status, earlier.rule_id, earlier.clause, earlier.evidence,
        earlier.county as earlier_county, earlier.township as earlier_township, 'not_found' as standing
    from earlier
    left join current using (child_id)
    where current.child_id is null or current.residence_codes is null and current.status <> 'out_of_age'
)
select
    child_id, $period as period, county, township, known_to,
    case
        when list_contains(known_to, 'education/enrolment') and list_contains(known_to, 'public_security/residence')
            then 'both'
        when list_contains(known_to, 'education/enrolment') then 'education'
        when list_contains(known_to, 'public_security/residence') then 'public_security'
        else 'other'
    end as basis,
    standing, earlier_county, earlier_township, status, evidence, rule_id, clause
from (select * from listed union all by name select * from missing)
order by child_id
