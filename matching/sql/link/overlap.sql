-- overlap: how much speaks for a cluster being a known child. One row a cluster and known child. Temporary.
-- reads   entry_anchor, known_child (temporary), prior.known_anchor, prior.child_redirect
-- is_earlier  periods before this one knew it; not only an earlier build of this one
create or replace temp table overlap as
select
    held.cluster_id,
    coalesce(redirect.to_child_id, known.child_id) as child_id,
    sum(held.weight)::integer as weight,
    coalesce(min(known_child.age), 2147483647)::integer as age,
    coalesce(min(known_child.entries), 0)::integer as entries,
    bool_or(known.earlier_child_id is not null) as is_earlier
from entry_anchor as held
join prior.known_anchor as known using (anchor)
left join prior.child_redirect as redirect on redirect.child_id = known.child_id
left join known_child on known_child.child_id = coalesce(redirect.to_child_id, known.child_id)
group by all
order by weight desc, age, child_id, cluster_id
