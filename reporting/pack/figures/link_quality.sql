-- How good the links are, as the run estimated them without a truth. Shares; 95 % intervals.
select measure, estimate, low, high
from mart.link_estimate
where period = $period and dimension = 'all'
order by measure
