-- Values that a crowd began or ceased to share since the last release, or that became generic. One row a value.
-- reads   link.common_value, last_release.link.common_value
-- params  generic: from so many children on a value says nothing
with now as (select kind, value_key, children >= $generic as class from link.common_value),
earlier as (select kind, value_key, children >= $generic as class from last_release.link.common_value)
select kind, value_key
from now
full join earlier using (kind, value_key)
where now.class is distinct from earlier.class
