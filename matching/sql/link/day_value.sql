-- What a day of birth can be compared by, hashed. One row a day that a child's entry tells, or that is another reading of one.
-- reads   child_entry (temporary view: entries of children)
with day as (
    select born_on as day from child_entry
    union
    select unnest(born_alternatives) from child_entry
)
select
    day,
    key_of('d', day::varchar) as birth_key,
    key_of('y', year(day)::varchar) as year_key,
    key_of('m', strftime(day, '%Y-%m')) as month_key,
    key_of('a', strftime(day, '%m-%d')) as day_key
from day
where day is not null
