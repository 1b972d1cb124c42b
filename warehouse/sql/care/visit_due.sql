-- care.visit_due: visits and contacts as the jurisdiction's cadence asks for them. One row a child that lives here, or whose
-- hukou is here and nothing says where it lives. The strictest of its groups (why) holds; without a clause the notice sets no
-- interval and the file's own value is used. Never visited: due since the period that first listed the child.
-- reads: care.child, care.key_care, care.left_behind, care.distressed, care.single_parent, core.visit, core.circumstance,
--   core.guardian, core.child_redirect, std.entry, std.disabled_federation_rehabilitation, prior.visit_due,
--   policy.visits_rule, policy.visit_cadence
-- params: as_of, period
-- by: child
with asked as (
    select child_id, 'migrant' as care_group, residence_codes[1] as rule_county from care.child where status = 'migrant'
    union all
    select key_care.child_id, 'key_care', child.residence_codes[1]
    from care.key_care as key_care
    join care.child as child using (child_id)
    where key_care.state <> 'closed'
    group by all
    union all
    select left_behind.child_id, 'left_behind', left_behind.hukou_codes[1] from care.left_behind as left_behind
    union all
    select distinct distressed.child_id, 'distressed', coalesce(child.residence_codes[1], child.hukou_codes[1])
    from care.distressed as distressed
    join care.child as child using (child_id)
    union all
    select single_parent.child_id, 'single_parent', coalesce(child.residence_codes[1], child.hukou_codes[1])
    from care.single_parent as single_parent
    join care.child as child using (child_id)
),
parent_card as (  -- a parent with a card of its own: grade one or two, of body or mind
    select distinct guardian.child_id
    from std.disabled_federation_rehabilitation as card
    join std.entry as entry using (entry_id)
    join core.guardian as guardian on guardian.citizen_no = entry.citizen_no
    where entry.is_adult and guardian.relation in ('father', 'mother') and card.disability_grade in ('1', '2')
      and card.disability_kind in ('physical', 'intellectual', 'multiple')
),
watched as (
    select child_id from core.circumstance
    where holds and (
        circumstance like 'card/%'
        or circumstance in ('enrolment/is_disabled_declared', 'visit/behaviour_anomaly', 'health/severe_mental_disorder')
    )
    union
    select child_id from parent_card
),
bound as (
    select
        asked.child_id, asked.care_group, rule.rule_id, rule.notice_days, cadence.contact_months, cadence.clause,
        watched.child_id is not null and asked.care_group in ('left_behind', 'distressed') as more_often,
        case
            when watched.child_id is not null and asked.care_group in ('left_behind', 'distressed')
            then least(cadence.visit_months, rule.more_often_months)
            else cadence.visit_months
        end as visit_months
    from asked
    join care.child as child using (child_id)
    join policy.visits_rule as rule on rule.county = coalesce(asked.rule_county, '000000')
    join policy.visit_cadence as cadence
        on cadence.county = coalesce(asked.rule_county, '000000') and cadence.care_group = asked.care_group
    left join watched using (child_id)
    where (child.is_here or child.residence_codes is null and child.is_hukou_here)
      and (asked.care_group <> 'migrant' or rule.every_migrant_child)
),
strictest as (
    select
        child_id, list_sort(list(care_group)) as why, min(visit_months) as cadence_months,
        -- the strictest one's own clause, though it has none
        arg_min_null(clause, struct_pack(months := visit_months, unclaused := clause is null, care_group := care_group)) as clause,
        arg_min(rule_id, struct_pack(months := visit_months, unclaused := clause is null, care_group := care_group))
            as rule_id,
        min(contact_months) as contact_months, arg_min_null(clause, contact_months) as contact_clause,
        bool_or(more_often) as more_often, max(notice_days) as notice_days
    from bound
    group by child_id
),
seen as (
    select
        child_id, max(visited_on) filter (where visit_kind = 'in_home') as last_visit_on,
        max(visited_on) as last_contact_on,
        arg_max(entry, struct_pack(visited_on := visited_on, entry := entry)) filter (where visit_kind = 'in_home') as entry
    from core.visit
    where visited_on <= $as_of
    group by child_id
),
earlier as (
    select coalesce(redirect.to_child_id, due.child_id) as child_id, min(due.listed_on) as listed_on
    from prior.visit_due as due
    left join core.child_redirect as redirect on redirect.child_id = due.child_id
    group by 1
),
dated as (
    select
        strictest.*, seen.last_visit_on, seen.last_contact_on, seen.entry,
        coalesce(earlier.listed_on, $as_of) as listed_on,
        case
            when seen.last_visit_on is null then coalesce(earlier.listed_on, $as_of)
            else cast(seen.last_visit_on + to_months(cadence_months) as date)
        end as due_on,
        case
            when contact_months is null then null
            when seen.last_contact_on is null then coalesce(earlier.listed_on, $as_of)
            else cast(seen.last_contact_on + to_months(contact_months) as date)
        end as contact_due_on
    from strictest
    left join seen using (child_id)
    left join earlier using (child_id)
)
select
    dated.child_id, $period as period, dated.why, dated.cadence_months, dated.last_visit_on, dated.due_on,
    case
        when due_on < $as_of then 'overdue'
        when due_on = $as_of then 'due'
        when due_on <= $as_of + to_days(notice_days) then 'upcoming'
        else 'done'
    end as state,
    dated.contact_months, dated.last_contact_on, dated.contact_due_on,
    case
        when contact_due_on < $as_of then 'overdue'
        when contact_due_on = $as_of then 'due'
        when contact_due_on <= $as_of + to_days(notice_days) then 'upcoming'
        when contact_due_on is not null then 'done'
    end as contact_state,
    dated.clause, dated.contact_clause, dated.rule_id, dated.more_often, dated.listed_on, dated.entry as evidence,
    case when child.residence_codes is not null then child.residence_county else child.hukou_county end as county,
    case when child.residence_codes is not null then child.residence_township else child.hukou_township end as township
from dated
join care.child as child using (child_id)
order by dated.child_id
