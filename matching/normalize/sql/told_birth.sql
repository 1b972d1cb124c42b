-- std.entry: the birth date that an entry's own number tells is another reading of the one delivered; who is a child by
-- his number is none of age by his birth date: of unknown age, so a child.
-- params  as_of: the reference date
update std.entry as entry
set born_alternatives = list_sort(list_distinct(list_append(entry.born_alternatives, told.born_on))),
    is_adult = entry.is_adult and told.born_on <= $as_of - interval 18 year
from (
    select entry_id, try_strptime(substr(coalesce(citizen_no, embedded_no), 7, 8), '%Y%m%d')::date as born_on
    from std.entry
    where citizen_no_state <> 'shared' and coalesce(citizen_no, embedded_no) is not null and born_on is not null
) as told
where told.entry_id = entry.entry_id and told.born_on <> entry.born_on
