-- Open events of the newest look at each watched county. One row a child, kind and day.
select event.child_id, event.county, event.township, event.kind, event.happened_on, event.due_on as limit_on, event.watched_on,
    about.status as migrant_status, event.rule_id, event.clause
from watched_event as event
left join care.child as about using (child_id)
where event.state = 'open'
