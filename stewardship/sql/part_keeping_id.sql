-- The part of a child that the next run lets keep its id: the one that holds most of the facts which name the child and no
-- other part holds; of two that hold as much the one that came first. One row.
-- reads   std.entry, std.name, std.guardian, asked_entry (temporary; by the linkage's own statement, put in here), link.anchor, case_entry (temporary)
-- params  child
with fact as ($facts),
part as (select distinct cluster_id, profile_id from case_entry),
own as (
    select fact.anchor, min(part.cluster_id) as cluster_id, max(fact.weight) as weight
    from fact join part using (profile_id)
    group by fact.anchor
    having count(distinct part.cluster_id) = 1
),
weighed as (
    select own.cluster_id, sum(own.weight) as weight
    from own semi join link.anchor as known on known.anchor = own.anchor and known.child_id = $child
    group by own.cluster_id
)
select part.cluster_id
from part left join weighed using (cluster_id)
group by part.cluster_id, weighed.weight
order by coalesce(weighed.weight, 0) desc, min(part.profile_id)
limit 1
