-- mart.link_estimate: how good the links are, as the run estimates it without a truth. One row a measure and subgroup.
-- reads: link.estimated_quality
-- params: period
select
    $period as period, dimension, subgroup, measure, round(estimate, 5) as estimate, round(low, 5) as low,
    round(high, 5) as high, cast(round(pairs) as bigint) as pairs, round(amiss, 1) as amiss, round(lost_to_blocking, 1) as lost_to_blocking
from link.estimated_quality
order by dimension, subgroup, measure
