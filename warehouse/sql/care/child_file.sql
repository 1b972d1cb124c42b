-- care.child_file: how complete the file (一人一档) of each child is that must have one: on the ledger of key care, left-behind,
-- distressed or of a single parent. One row a child, whatever number of lists it is on. Five sections: who the child is,
-- visits, the log of contacts and acts, help, problems with what was done. `missing` names the items that aren't there;
-- completeness is the share of the items asked that are.
-- reads: care.key_care, care.left_behind, care.distressed, care.single_parent, care.child, care.visit_due, core.child,
--   core.guardian, core.visit, core.circumstance, core.child_redirect, link.entry_child, raw.civil_affairs_field_visit,
--   raw.receipt, prior.ledger_act, prior.recorded_visit
-- params: period
-- by: child
with filed as (
    select child_id, list_sort(list_distinct(list("group"))) as groups
    from (
        select child_id, 'key_care' as "group" from care.key_care where state in ('open', 'under_review')
        union all select child_id, 'left_behind' from care.left_behind
        union all select child_id, 'distressed' from care.distressed
        union all select child_id, 'single_parent' from care.single_parent
    )
    group by child_id
),
came as (  -- whether this period's visits were delivered; else nothing is asked of what they alone can tell
    select coalesce(bool_or(feed = 'civil_affairs' and table_name = 'field_visit' and status = 'landed'), false) as visits
    from raw.receipt
),
guarded as (
    select child_id, bool_or(name is not null) as has_name, bool_or(phone is not null) as has_phone
    from core.guardian semi join filed using (child_id)
    group by child_id
),
visited as (
    select
        child_id,
        count(*) filter (where visit_kind = 'in_home') as visits,
        max(visited_on) filter (where visit_kind = 'in_home') as last_visit_on,
        count(*) filter (where visit_kind is distinct from 'in_home') as contacts,
        max(visited_on) filter (where visit_kind is distinct from 'in_home') as last_contact_on
    from core.visit semi join filed using (child_id)
    group by child_id
),
acted as (
    select coalesce(redirect.to_child_id, ledger.child_id) as child_id, count(*) as acts, max(ledger.acted_on) as last_act_on
    from prior.ledger_act as ledger
    left join core.child_redirect as redirect on redirect.child_id = ledger.child_id
    group by all
),
helped as (
    select child_id, count(*) as helps, max(evidence_on) as last_help_on
    from core.circumstance semi join filed using (child_id)
    where holds and feed in ('civil_affairs', 'disabled_federation') and table_name in ('welfare', 'rehabilitation')
    group by child_id
),
worded as (
    select tied.child_id, visit.problems, visit.resolution
    from raw.civil_affairs_field_visit as visit
    join link.entry_child as tied using (entry_id)
    union all
    select visit.child_id, told.problems, told.resolution
    from prior.recorded_visit as told
    join core.visit as visit on visit.entry = 'recorded_visit/' || told.visit_id and visit.from_period = $period
),
written as (  -- what this period's visits wrote down: 无 says that there is nothing
    select
        visit.child_id,
        count(*) filter (where nullif(trim(visit.problems), '') is not null) as findings,
        count(*) filter (where nullif(trim(visit.problems), '') <> '无') as problems,
        count(*) filter (where nullif(trim(visit.problems), '') <> '无' and nullif(trim(visit.resolution), '') is not null)
            as solved,
        count(*) filter (where nullif(trim(visit.resolution), '') is not null) as resolutions
    from worded as visit
    semi join filed using (child_id)
    group by visit.child_id
),
checked as (
    select
        filed.child_id, filed.groups, about.residence_county as county, about.residence_township as township,
        coalesce(visited.visits, 0) as visits, visited.last_visit_on,
        coalesce(visited.contacts, 0) + coalesce(acted.acts, 0) as log_entries,
        greatest(visited.last_contact_on, acted.last_act_on) as last_log_on,
        coalesce(helped.helps, 0) + coalesce(written.resolutions, 0) as helps, helped.last_help_on,
        coalesce(written.problems, 0) as problems, coalesce(written.solved, 0) as solved,
        [
            {'item': 'name', 'is_there': child.name is not null},
            {'item': 'sex', 'is_there': child.sex is not null},
            {'item': 'born_on', 'is_there': child.born_precision = 'day'},
            {'item': 'citizen_no', 'is_there': child.citizen_no is not null},
            {'item': 'hukou', 'is_there': about.hukou_county is not null},
            {'item': 'residence', 'is_there': about.residence_county is not null},
            {'item': 'guardian', 'is_there': coalesce(guarded.has_name, false)},
            {'item': 'phone', 'is_there': coalesce(guarded.has_phone, false)},
            {'item': 'visit', 'is_there': coalesce(visited.visits, 0) > 0},
            {'item': 'log', 'is_there': coalesce(visited.contacts, 0) + coalesce(acted.acts, 0) > 0},
            {'item': 'help', 'is_there': coalesce(helped.helps, 0) + coalesce(written.resolutions, 0) > 0}
        ] || case when came.visits then [
            {'item': 'visit_in_time', 'is_there': coalesce(due.state <> 'overdue', true)},
            {'item': 'contact_in_time', 'is_there': coalesce(due.contact_state <> 'overdue', true)},
            {'item': 'findings', 'is_there': coalesce(written.findings, 0) > 0},
            {'item': 'solution', 'is_there': coalesce(written.problems, 0) = coalesce(written.solved, 0)}
        ] else [] end as items
    from filed
    cross join came
    join core.child as child using (child_id)
    left join care.child as about using (child_id)
    left join guarded using (child_id)
    left join visited using (child_id)
    left join acted using (child_id)
    left join helped using (child_id)
    left join written using (child_id)
    left join care.visit_due as due using (child_id)
)
select
    child_id, $period as period, groups, county, township,
    cast(visits as integer) as visits, last_visit_on, cast(log_entries as integer) as log_entries, last_log_on,
    cast(helps as integer) as helps, last_help_on, cast(problems as integer) as problems, cast(solved as integer) as solved,
    list_transform(list_filter(items, lambda each: not coalesce(each.is_there, false)), lambda each: each.item) as missing,
    round(len(list_filter(items, lambda each: coalesce(each.is_there, false))) / len(items), 4) as completeness
from checked
order by child_id
