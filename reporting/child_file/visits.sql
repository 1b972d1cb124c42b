-- Visits at home that this period's delivery tells, and those that people recorded. One row a visit.
select
    typed.visited_on, visit.visitor, typed.living_with,
    list_filter(
        [
            case when typed.in_hardship then 'hardship' end,
            case when typed.lacks_guardianship then 'lacks_guardianship' end,
            case when typed.is_vagrant then 'vagrant' end,
            case when typed.dropped_out then 'dropped_out' end,
            case when typed.behaviour_anomaly then 'behaviour_anomaly' end,
            case when typed.asked_for_help then 'asked_for_help' end
        ],
        lambda each: each is not null
    ) as found,
    'civil_affairs/field_visit/' || visit.file || ':' || visit.row_no as told_by
from std.civil_affairs_field_visit as typed
join raw.civil_affairs_field_visit as visit using (entry_id)
join link.entry_child as tied using (entry_id)
semi join who on who.child_id = tied.child_id
where typed.visit_kind = 'in_home' or typed.visit_kind is null
union all
select
    visit.visited_on, visit.recorded_by, visit.living_with,
    list_filter(
        [
            case when visit.in_hardship then 'hardship' end,
            case when visit.lacks_guardianship then 'lacks_guardianship' end,
            case when visit.is_vagrant then 'vagrant' end,
            case when visit.dropped_out then 'dropped_out' end,
            case when visit.behaviour_anomaly then 'behaviour_anomaly' end,
            case when visit.asked_for_help then 'asked_for_help' end
        ],
        lambda each: each is not null
    ),
    'recorded_visit/' || visit.visit_id
from recorded as visit
left join core.child_redirect as redirect using (child_id)
semi join who on who.child_id = coalesce(redirect.to_child_id, visit.child_id)
where visit.visit_kind = 'in_home'
order by visited_on, told_by
