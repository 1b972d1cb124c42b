-- Events that ask for something by a day and are still open. One row a child, kind and day.
select child_id, county, township, kind, happened_on, due_on as limit_on, migrant_status, rule_id, clause
from care.event
where state = 'open'
