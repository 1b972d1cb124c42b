-- visits_due: children to be visited or contacted, as of today, with what people recorded since the run. One row a child.
-- A recorded visit at home meets both, another contact only the contact.
-- reads   care.visit_due, care.child, care.migrant_status, core.child, policy.visits_rule
-- params  counties; of_no_county: whether a child of no known county is shown; today;
--         seen_child, seen_kind, seen_on: visits recorded since the run
create or replace temp table listed as
with seen as (
    select
        child_id, max(seen_on) filter (where kind = 'in_home') as visited_on, max(seen_on) as contacted_on
    from (
        select
            unnest($seen_child::varchar[]) as child_id, unnest($seen_kind::varchar[]) as kind,
            unnest($seen_on::date[]) as seen_on
    )
    group by child_id
),
rule as (select rule_id, any_value(notice_days) as notice_days from policy.visits_rule group by rule_id),
dated as (
    select
        due.child_id, due.why as groups, due.more_often, due.last_visit_on, due.county, due.township,
        coalesce(rule.notice_days, 0) as notice_days, seen.contacted_on as recorded_on,
        case when seen.visited_on > coalesce(due.last_visit_on, date '0001-01-01') then null else due.due_on end as due_on,
        case when seen.contacted_on > coalesce(due.last_contact_on, date '0001-01-01') then null else due.contact_due_on end
            as contact_due_on
    from care.visit_due as due
    left join seen using (child_id)
    left join rule using (rule_id)
),
next as (
    select *, least(due_on, contact_due_on) as next_on, $today - least(due_on, contact_due_on) as days from dated
)
select
    next.*,
    case
        when next_on is null then 'recorded'
        when days > 0 then 'overdue'
        when days = 0 then 'due'
        when -days <= notice_days then 'upcoming'
        else 'later'
    end as state,
    case when days > 90 then 'over_90' when days > 30 then 'over_30' when days > 0 then 'up_to_30' end as age,
    due_on is null or contact_due_on < due_on as is_contact,
    child.name, child.sex, about.age_years
from next
join care.migrant_status as status using (child_id)
join core.child as child using (child_id)
left join care.child as about using (child_id)
where list_has_any(coalesce(status.residence_codes, status.hukou_codes, []), $counties::varchar[])
   or $of_no_county and len(coalesce(status.residence_codes, status.hukou_codes, [])) = 0
