-- core.child_event: what happened to child ids in this period. One row an event: minted, continued, merged, split, retired.
-- reads: link.child_event
-- params: period
select child_id, event, other_child_id, cause, coalesce(period, $period) as period
from link.child_event
order by child_id, event, other_child_id
