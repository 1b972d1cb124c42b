-- child_history: what became of one child's id in this period and before. One row an event.
-- reads   core.child_event, prior.child_event
-- params  child_id
select period, event, child_id, other_child_id from prior.child_event where child_id = $child_id or other_child_id = $child_id
union all
select period, event, child_id, other_child_id from core.child_event where child_id = $child_id or other_child_id = $child_id
order by period, event
