-- core.visit: the visits and contacts that are known of a child, of this period and of all earlier ones. One row a visit.
-- A visit happened for good. What it found stands (is_in_force) as long as a delivered fact does: in its own period, and for
-- the periods in which the table doesn't come. Those that people recorded in the web app are told anew by every run.
-- reads: std.civil_affairs_field_visit, std.entry, std.place, link.entry_child, core.child_redirect, prior.visit,
--   prior.recorded_visit, raw.receipt, policy.migrant_rule
-- params: as_of, period
-- by: child
with delivered as (
    select
        tied.child_id, row.visited_on, row.visit_kind, row.living_with, row.in_hardship, row.lacks_guardianship,
        row.is_vagrant, row.dropped_out, row.behaviour_anomaly, row.asked_for_help, row.single_parent,
        row.father_away_since, row.mother_away_since, row.other_parent_capable, emergency.codes as emergency_codes, entry.entry_id,
        entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry
    from std.civil_affairs_field_visit as row
    join std.entry as entry using (entry_id)
    join link.entry_child as tied using (entry_id)
    left join std.place as emergency on emergency.entry_id = entry.entry_id and emergency.kind = 'emergency'
    where tied.child_id is not null
),
gone as (select count(*) > 0 as is_gone from raw.receipt where feed = 'civil_affairs' and table_name = 'field_visit' and status <> 'landed'),
recorded as (
    select
        coalesce(redirect.to_child_id, visit.child_id) as child_id, visit.visited_on, visit.visit_kind, visit.living_with,
        visit.in_hardship, visit.lacks_guardianship, visit.is_vagrant, visit.dropped_out, visit.behaviour_anomaly,
        visit.asked_for_help, visit.single_parent, visit.father_away_since, visit.mother_away_since,
        visit.other_parent_capable,
        case when visit.emergency_division_code is not null then [left(visit.emergency_division_code, 6)] end as emergency_codes,
        cast(null as bigint) as entry_id,
        'recorded_visit/' || visit.visit_id as entry,
        year(visit.visited_on) || case when month(visit.visited_on) <= 6 then 'H1' else 'H2' end as from_period,
        cast(
            cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - year(visit.visited_on) * 2 - case when month(visit.visited_on) <= 6 then 1 else 2 end as integer
        ) as age
    from prior.recorded_visit as visit
    left join core.child_redirect as redirect on redirect.child_id = visit.child_id
),
earlier as (
    select
        coalesce(redirect.to_child_id, visit.child_id) as child_id, visit.* exclude (child_id, is_in_force, carried_periods),
        cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - cast(left(visit.from_period, 4) as integer) * 2 - cast(right(visit.from_period, 1) as integer) as age
    from prior.visit as visit
    left join core.child_redirect as redirect on redirect.child_id = visit.child_id
    where visit.entry not like 'recorded_visit/%'
)
select
    *, $period as from_period, 0 as carried_periods, coalesce(visited_on <= $as_of, true) as is_in_force
from delivered
union all
select
    earlier.* exclude (age) replace (cast(null as bigint) as entry_id), earlier.age,
    gone.is_gone and earlier.age
        <= (select carried_periods from policy.migrant_rule where county = '000000')
from earlier
cross join gone
anti join delivered  -- the same visit, delivered once more
    on delivered.child_id = earlier.child_id
    and (delivered.visited_on, delivered.visit_kind) is not distinct from (earlier.visited_on, earlier.visit_kind)
union all
select
    recorded.*,
    recorded.age = 0
        or gone.is_gone and recorded.age <= (select carried_periods from policy.migrant_rule where county = '000000')
from recorded
cross join gone
anti join delivered
    on delivered.child_id = recorded.child_id
    and (delivered.visited_on, delivered.visit_kind) is not distinct from (recorded.visited_on, recorded.visit_kind)
order by child_id, visited_on, entry
