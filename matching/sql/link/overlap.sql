-- overlap: how much speaks for a cluster being a known child. One row a cluster and known child. Temporary.
-- reads   entry_anchor, known_age (temporary), prior.known_anchor, prior.child_redirect
create or replace temp table overlap as
select
    held.cluster_id,
    coalesce(redirect.to_child_id, known.child_id) as child_id,
    sum(held.weight)::integer as weight,
    coalesce(min(known_age.age), 2147483647)::integer as age
from entry_anchor as held
join prior.known_anchor as known using (anchor)
left join prior.child_redirect as redirect on redirect.child_id = known.child_id
left join known_age on known_age.child_id = coalesce(redirect.to_child_id, known.child_id)
group by all
order by weight desc, age, child_id, cluster_id
