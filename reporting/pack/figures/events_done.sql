-- Events that ask for something by a day: done, open, overdue on the reference date.
select
    kind,
    count(*) filter (where state = 'done') as done,
    count(*) filter (where state = 'open') as open,
    count(*) as events
from care.event
where county is null and $with_unknown
   or county in (select code from policy.county where $jurisdiction in ('000000', code, prefecture, province))
group by kind
order by kind
