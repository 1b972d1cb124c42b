-- What was done about the child day by day: contacts that were no visit, acts on the ledger, what became of its id. One row
-- an act.
select typed.visited_on as happened_on, coalesce(typed.visit_kind, 'other') as what, null as about,
    concat_ws('；', nullif(trim(visit.needs), ''), nullif(trim(visit.resolution), '')) as words, visit.visitor as done_by
from std.civil_affairs_field_visit as typed
join raw.civil_affairs_field_visit as visit using (entry_id)
join link.entry_child as tied using (entry_id)
semi join who on who.child_id = tied.child_id
where typed.visit_kind in ('phone', 'other')
union all
select visit.visited_on, visit.visit_kind, null, concat_ws('；', visit.needs, visit.resolution), visit.recorded_by
from recorded as visit
left join core.child_redirect as redirect using (child_id)
semi join who on who.child_id = coalesce(redirect.to_child_id, visit.child_id)
where visit.visit_kind in ('phone', 'other')
union all
select acted_on, act, category, reason, null from prior.ledger_act semi join who using (child_id)
union all
select $as_of, event, null, null, null
from core.child_event semi join who using (child_id) where event <> 'continue'
order by happened_on, what, words
