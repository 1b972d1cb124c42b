-- child_visit: visits to one child, the latest first. One row a visit.
-- reads   link.entry_child, std.civil_affairs_field_visit
-- params  child_id
select visit.visited_on, visit.living_with
from link.entry_child as tied
join std.civil_affairs_field_visit as visit using (entry_id)
where tied.child_id = $child_id
order by visit.visited_on desc nulls last
