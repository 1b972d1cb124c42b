-- core.circumstance: what the feeds tell of a child that a list may rest on: a card, a guarantee, an alert, a finding at the
-- door. One row an entry and circumstance. Of visits that say yes and no the latest wins (holds), and the other is named
-- (contradicted_by). evidence_on is the day it began, else the end of the first period that told it without a break.
-- reads: core.visit, core.schooling, std.entry, std.civil_affairs_welfare, std.disabled_federation_rehabilitation,
--   std.medical_insurance_high_cost_alert, std.health_child_health, std.public_security_hukou, link.entry_child,
--   core.child_redirect, prior.circumstance, raw.receipt, policy.migrant_rule
-- params: as_of, period
-- by: child
with found as (  -- a finding a visit, yes or no
    select child_id, circumstance, said, visited_on, visit_kind, entry_id, entry, from_period, carried_periods
    from (
        select
            child_id, visited_on, visit_kind, entry_id, entry, from_period, carried_periods,
            in_hardship as "visit/in_hardship", lacks_guardianship as "visit/lacks_guardianship",
            is_vagrant as "visit/is_vagrant", dropped_out as "visit/dropped_out",
            behaviour_anomaly as "visit/behaviour_anomaly", asked_for_help as "visit/asked_for_help",
            single_parent as "visit/single_parent", living_with = 'nobody' as "visit/living_alone"
        from core.visit
        where is_in_force
    ) unpivot (
        said for circumstance in (
            "visit/in_hardship", "visit/lacks_guardianship", "visit/is_vagrant", "visit/dropped_out",
            "visit/behaviour_anomaly", "visit/asked_for_help", "visit/single_parent", "visit/living_alone"
        )
    )
),
weighed as (  -- the latest finding holds; on one day the one at home, then the one that says yes
    select
        child_id, circumstance,
        arg_max(
            said,
            struct_pack(
                visited_on := coalesce(visited_on, date '0001-01-01'), at_home := coalesce(visit_kind = 'in_home', false),
                said := said, entry := entry
            )
        ) as said,
        arg_max(entry, struct_pack(visited_on := coalesce(visited_on, date '0001-01-01'), entry := entry))
            filter (where not said) as denied_by
    from found
    group by child_id, circumstance
    having bool_or(said)
),
visited as (
    select
        found.child_id, found.circumstance, found.visited_on as since_on, cast(null as date) as until_on,
        found.visited_on as told_on, weighed.said as holds, weighed.denied_by as contradicted_by,
        'civil_affairs' as feed, 'field_visit' as table_name, found.entry_id, found.entry, found.from_period,
        found.carried_periods
    from found
    join weighed using (child_id, circumstance)
    where found.said
),
told as (  -- since when and until when, where the table says so
    select
        entry_id, 'welfare/' || welfare_kind as circumstance, started_on as since_on, ended_on as until_on,
        started_on as told_on
    from std.civil_affairs_welfare
    where welfare_kind is not null
    union all
    select entry_id, 'card/' || coalesce('grade_' || disability_grade, 'no_grade'), applied_on, null, applied_on
    from std.disabled_federation_rehabilitation
    union all
    select entry_id, 'alert/' || coalesce(alert_level, 'no_level'), settled_on, null, settled_on
    from std.medical_insurance_high_cost_alert
    union all
    select entry_id, 'health/severe_mental_disorder', null, null, last_seen_on
    from std.health_child_health
    where severe_mental_disorder
    union all
    select entry_id, 'hukou/' || hukou_kind, null, null, null
    from std.public_security_hukou
    where hukou_kind is not null and cancellation is distinct from 'cancelled'
),
registered as (
    select
        tied.child_id, told.circumstance, told.since_on, told.until_on, told.told_on, entry.feed, entry.table_name,
        entry.entry_id, entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry,
        $period as from_period, 0 as carried_periods
    from told
    join std.entry as entry using (entry_id)
    join link.entry_child as tied using (entry_id)
    where tied.child_id is not null
),
at_school as (
    select
        child_id, unnest(
            list_filter(
                [
                    case when enrolment_status = 'dropped_out' then 'enrolment/dropped_out' end,
                    case when is_disabled_declared then 'enrolment/is_disabled_declared' end,
                    case when is_left_behind_declared then 'enrolment/is_left_behind_declared' end,
                    case when hardship <> 'none' then 'enrolment/hardship_' || hardship end
                ],
                lambda said: said is not null
            )
        ) as circumstance,
        entry_id, entry, from_period, carried_periods
    from core.schooling
),
earlier as (
    select coalesce(redirect.to_child_id, before.child_id) as child_id, before.* exclude (child_id)
    from prior.circumstance as before
    left join core.child_redirect as redirect on redirect.child_id = before.child_id
),
gone as (  -- visits and school rolls are carried by tables of their own
    select feed, table_name from raw.receipt
    where status <> 'landed' and (feed, table_name) not in (('civil_affairs', 'field_visit'), ('education', 'enrolment'))
),
carried as (
    select
        earlier.*, cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - cast(left(from_period, 4) as integer) * 2 - cast(right(from_period, 1) as integer) as age
    from earlier
    join gone using (feed, table_name)
),
lasting as (
    select
        child_id, circumstance, since_on, until_on, told_on, feed, table_name, entry_id, entry, from_period,
        carried_periods
    from registered
    union all
    select
        child_id, circumstance, null, null, null, 'education', 'enrolment', entry_id, entry, from_period, carried_periods
    from at_school
    union all
    select child_id, circumstance, since_on, until_on, told_on, feed, table_name, null, entry, from_period, age
    from carried
    where age <= (select carried_periods from policy.migrant_rule where county = '000000')
),
gathered as (
    select
        child_id, circumstance, since_on, until_on, told_on,
        coalesce(since_on <= $as_of, true) and coalesce(until_on >= $as_of, true) as holds,
        cast(null as varchar) as contradicted_by, feed, table_name, entry_id, entry, from_period, carried_periods
    from lasting
    union all
    select * from visited
),
begun as (
    select child_id, circumstance, min(first_period) as first_period
    from earlier
    where holds
    group by child_id, circumstance
)
select
    gathered.*, coalesce(begun.first_period, $period) as first_period,
    case
        when since_on is not null then since_on
        when right(coalesce(begun.first_period, $period), 1) = '1'
            then make_date(cast(left(coalesce(begun.first_period, $period), 4) as integer), 6, 30)
        else make_date(cast(left(coalesce(begun.first_period, $period), 4) as integer), 12, 31)
    end as evidence_on
from gathered
left join begun using (child_id, circumstance)
