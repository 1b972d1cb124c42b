-- child_name: what children are called. One row a child that is there.
-- reads   core.child
-- params  children
select child_id, name from core.child where child_id in (select unnest($children::varchar[]))
