-- What was found amiss and what was done about it: by visits, by events that ask for something. One row a problem.
select typed.visited_on as found_on, 'visit' as kind, null as about,
    concat_ws('；', nullif(trim(visit.problems), '无'), nullif(trim(visit.needs), '')) as problem,
    nullif(trim(visit.resolution), '') as solution, cast(null as date) as due_on, cast(null as date) as done_on
from std.civil_affairs_field_visit as typed
join raw.civil_affairs_field_visit as visit using (entry_id)
join link.entry_child as tied using (entry_id)
semi join who on who.child_id = tied.child_id
where nullif(trim(visit.problems), '无') is not null or nullif(trim(visit.needs), '') is not null
   or nullif(trim(visit.resolution), '') is not null
union all
select visit.visited_on, 'visit', null, concat_ws('；', visit.problems, visit.needs), visit.resolution, null, null
from recorded as visit
left join core.child_redirect as redirect using (child_id)
semi join who on who.child_id = coalesce(redirect.to_child_id, visit.child_id)
where coalesce(visit.problems, visit.needs, visit.resolution) is not null
union all
select happened_on, 'event', kind, null, done_by, due_on, done_on from care.event semi join who using (child_id)
order by found_on, kind, about, problem
