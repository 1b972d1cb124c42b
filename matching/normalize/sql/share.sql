-- std.entry: numbers that stand on two children are marked on both.
-- reads   temp value_bearer: pairs of names that bear one number, whether they differ
update std.entry
set citizen_no_state = 'shared'
where citizen_no_state = 'sound' and citizen_no in (select citizen_no from value_bearer where differs)
