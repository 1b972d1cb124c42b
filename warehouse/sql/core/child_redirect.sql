-- core.child_redirect: where a retired child id points now, to the end of the chain. One row a retired id.
-- reads: prior.child_redirect, link.child_event
with recursive step as (
    select child_id, to_child_id from prior.child_redirect where child_id <> to_child_id
    union
    select child_id, other_child_id from link.child_event
    where event = 'merge' and other_child_id is not null and child_id <> other_child_id
),
walk(child_id, to_child_id, hops) as (
    select child_id, to_child_id, 1 from step
    union
    select walk.child_id, step.to_child_id, walk.hops + 1
    from walk
    join step on step.child_id = walk.to_child_id
    where walk.hops < 100  -- a circle would be a fault of the register; it ends here and no end is found below
)
select child_id, min(to_child_id) as to_child_id
from walk
anti join step on step.child_id = walk.to_child_id
group by child_id
order by child_id
