-- care.event: what happened to children that live here and wants looking into. One row a child, kind and day.
-- An event is done by the first visit at home after its day; one about schooling also by a roll that has the child again.
-- Open ones of the earlier period stay until they are done, or the child is known to live elsewhere.
-- reads: care.child, care.not_enrolled, core.circumstance, core.schooling, core.visit, core.child_redirect, prior.child,
--   prior.event, policy.events_rule
-- params: as_of, period, period_begins_on
-- by: child
with before as (
    select coalesce(redirect.to_child_id, event.child_id) as child_id, event.* exclude (child_id)
    from prior.event as event
    left join core.child_redirect as redirect on redirect.child_id = event.child_id
),
known as (  -- a card of the half-year before reaches a child that was here then only now
    select coalesce(redirect.to_child_id, child.child_id) as child_id
    from prior.child as child
    left join core.child_redirect as redirect on redirect.child_id = child.child_id
),
told as (
    select
        child_id, 'high_cost_alert' as kind, evidence_on as happened_on, min(entry) as evidence
    from core.circumstance
    where circumstance like 'alert/%' and holds and carried_periods = 0
    group by child_id, evidence_on
    union all
    select child_id, 'dropout', min(evidence_on), arg_min(entry, struct_pack(evidence_on := evidence_on, entry := entry))
    from core.circumstance
    where circumstance in ('enrolment/dropped_out', 'visit/dropped_out') and holds
    group by child_id
    having min(first_period) = $period
    union all
    select
        child_id, 'new_disability_card', min(evidence_on),
        arg_min(entry, struct_pack(evidence_on := evidence_on, entry := entry))
    from core.circumstance
    where circumstance like 'card/%' and holds
    group by child_id
    having min(first_period) = $period
       and min(evidence_on) >= case
            when child_id in (select child_id from known) then cast($period_begins_on - to_months(6) as date)
            else $period_begins_on
        end
    union all
    -- the same want of a school lasts until it ends: it keeps its first day
    select missing.child_id, 'school_age_not_enrolled', coalesce(min(before.happened_on), $as_of), min(missing.evidence)
    from care.not_enrolled as missing
    left join before on before.child_id = missing.child_id and before.kind = 'school_age_not_enrolled'
    where missing.why <> 'dropped_out'
    group by missing.child_id
),
present as (
    select told.* from told join care.child as child using (child_id) where child.is_here
),
lasting as (
    select child_id, kind, happened_on, evidence from present
    union all
    -- of a child that is known to live elsewhere now nobody here can see to it
    select before.child_id, before.kind, before.happened_on, min(before.evidence)
    from before
    join care.child as child using (child_id)
    anti join present using (child_id, kind, happened_on)
    where before.state = 'open' and (child.is_here or child.residence_codes is null)
    group by before.child_id, before.kind, before.happened_on
),
answered as (
    select
        lasting.child_id, lasting.kind, lasting.happened_on,
        arg_min(visit.entry, struct_pack(visited_on := visit.visited_on, entry := visit.entry)) as visit_entry,
        min(visit.visited_on) as visited_on
    from lasting
    join core.visit as visit
        on visit.child_id = lasting.child_id and visit.visit_kind = 'in_home'
        and visit.visited_on > lasting.happened_on and visit.visited_on <= $as_of
    group by all
),
at_school as (
    select child_id, min(entry) as entry
    from core.schooling
    where enrolment_status = 'enrolled' and school_stage is distinct from 'preschool' and carried_periods = 0
    group by child_id
),
settled as (
    select
        lasting.*, answered.visited_on,
        case
            when answered.visit_entry is not null then answered.visit_entry
            when lasting.kind in ('dropout', 'school_age_not_enrolled') then at_school.entry
        end as done_by
    from lasting
    left join answered using (child_id, kind, happened_on)
    left join at_school using (child_id)
)
select
    settled.child_id, $period as period, settled.kind, settled.happened_on, settled.evidence,
    cast(
        settled.happened_on + to_days(
            case settled.kind
                when 'high_cost_alert' then rule.high_cost_alert_days
                when 'dropout' then rule.dropout_days
                when 'new_disability_card' then rule.new_disability_card_days
                else rule.school_age_not_enrolled_days
            end
        ) as date
    ) as due_on,
    case when settled.done_by is null then 'open' else 'done' end as state,
    settled.done_by, settled.visited_on as done_on, child.status as migrant_status,
    case when child.residence_codes is not null then child.residence_county else child.hukou_county end as county,
    case when child.residence_codes is not null then child.residence_township else child.hukou_township end as township,
    rule.rule_id, rule.clause
from settled
join care.child as child using (child_id)
join policy.events_rule as rule on rule.county = coalesce(child.residence_codes[1], child.hukou_codes[1], '000000')
order by settled.child_id, settled.kind, settled.happened_on
