-- Visits at home that this period's delivery tells, and those that people recorded. One row a visit.
with told as (
    select
        typed.visited_on, visit.visitor, typed.living_with, typed.in_hardship, typed.lacks_guardianship, typed.is_vagrant,
        typed.dropped_out, typed.behaviour_anomaly, typed.asked_for_help,
        'civil_affairs/field_visit/' || visit.file || ':' || visit.row_no as told_by
    from std.civil_affairs_field_visit as typed
    join raw.civil_affairs_field_visit as visit using (entry_id)
    join link.entry_child as tied using (entry_id)
    semi join who on who.child_id = tied.child_id
    where typed.visit_kind = 'in_home' or typed.visit_kind is null
    union all
    select
        visit.visited_on, visit.recorded_by, visit.living_with, visit.in_hardship, visit.lacks_guardianship, visit.is_vagrant,
        visit.dropped_out, visit.behaviour_anomaly, visit.asked_for_help, 'recorded_visit/' || visit.visit_id
    from recorded as visit
    left join core.child_redirect as redirect using (child_id)
    semi join who on who.child_id = coalesce(redirect.to_child_id, visit.child_id)
    where visit.visit_kind = 'in_home'
)
select
    visited_on, visitor, living_with,
    list_filter(
        [
            case when in_hardship then 'hardship' end,
            case when lacks_guardianship then 'lacks_guardianship' end,
            case when is_vagrant then 'vagrant' end,
            case when dropped_out then 'dropped_out' end,
            case when behaviour_anomaly then 'behaviour_anomaly' end,
            case when asked_for_help then 'asked_for_help' end
        ],
        lambda each: each is not null
    ) as found,
    told_by
from told
order by visited_on, told_by
