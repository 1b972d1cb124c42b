-- care.base_list: the visit list (摸排底数): who lives here and may be a migrant child, as education and public security know,
-- others marked (basis). One row a child. standing compares with the earlier period: new, known, moved (to another county or
-- township), not_found (no table that came places the child any more; listed once). By a code alone nobody moved: a county
-- out of force is its successors, and of a township under another county's code nothing is said.
-- reads: care.child, core.child, core.child_redirect, core.residence, prior.base_list, policy.base_list_rule, policy.county,
--   policy.succession
-- params: period, jurisdiction
-- by: child
with here as (
    select code from policy.county
    where code = $jurisdiction or prefecture = $jurisdiction or province = $jurisdiction
),
succeeded as (select code, list(successor order by successor) as codes from policy.succession group by code),
placed as (  -- counties: where the earlier county is now
    select listed.*, coalesce(succeeded.codes, [listed.county]) as counties
    from prior.base_list as listed
    left join succeeded on succeeded.code = listed.county
),
earlier as (  -- who was listed as living here
    select
        coalesce(redirect.to_child_id, listed.child_id) as child_id, listed.* exclude (child_id),
        case when len(listed.counties) = 1 then listed.counties[1] end as county_now
    from placed as listed
    left join core.child_redirect as redirect on redirect.child_id = listed.child_id
    where listed.standing <> 'not_found'
      and (listed.county is null or list_has_any(listed.counties, (select list(code) from here)))
    qualify row_number() over (
        partition by coalesce(redirect.to_child_id, listed.child_id) order by listed.child_id
    ) = 1
),
asked as (  -- who is listed, and who was: what is said of its place now
    select
        child.child_id, child.status, rule.rule_id, rule.clause,
        earlier.county as earlier_county, earlier.township as earlier_township, earlier.evidence as earlier_evidence,
        case
            when earlier.child_id is null then 'new'
            when child.residence_codes is null then 'not_found'
            when earlier.county is not null and not list_has_any(child.residence_codes, earlier.counties) then 'moved'
            when earlier.township <> child.residence_township
                and left(earlier.township, 6) = left(child.residence_township, 6) then 'moved'
            else 'known'
        end as standing,
        case when child.residence_codes is null then earlier.county_now else child.residence_county end as county,
        case when child.residence_codes is null then earlier.township else child.residence_township end as township
    from care.child as child
    join policy.base_list_rule as rule on rule.county = coalesce(child.residence_codes[1], '000000')
    left join earlier using (child_id)
    where child.is_here and list_contains(rule.statuses, child.status)
       or earlier.child_id is not null and not child.is_here
            and (child.residence_codes is not null or child.status <> 'out_of_age')
),
listed as (
    select
        asked.* exclude (earlier_evidence),
        list_sort(list_distinct(list_transform(child.known_to, lambda told: split_part(told, '@', 1)))) as known_to,
        coalesce(residence.entry, asked.earlier_evidence) as evidence
    from asked
    join core.child as child using (child_id)
    left join core.residence as residence on residence.child_id = asked.child_id and residence.is_chosen
    union all by name
    select
        earlier.child_id, earlier.county_now as county, earlier.township, earlier.county as earlier_county,
        earlier.township as earlier_township, earlier.known_to, 'undetermined' as status, 'not_found' as standing,
        earlier.evidence, earlier.rule_id, earlier.clause
    from earlier
    anti join care.child as child on child.child_id = earlier.child_id
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
from listed
order by child_id
