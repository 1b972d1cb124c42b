-- Visits at home that this period's delivery tells. One row a visit.
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
order by typed.visited_on, told_by
