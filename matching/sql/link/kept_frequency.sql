-- The frequencies of link.value_frequency by what profiles carry of a value: a hash, or a day counted from 1970. One row a kind and value.
-- reads   link.value_frequency
select
    kind,
    case kind
        when 'name' then hash('f' || value)
        when 'variant' then hash('v' || value)
        when 'sound' then hash('s' || value)
        else 0::ubigint
    end as key,
    case when kind = 'birth' then date_diff('day', date '1970-01-01', nullif(value, '')::date) end as day,
    profiles
from link.value_frequency
