-- case_rival: children outside a case that also score with one of its entries. One row a pair of profiles, five a case at most.
-- codes  of its counties, by which it is shown to some and not to others
-- reads   link.scored_pair, link.cluster, link.profile, link.entry_child, core.child, care.migrant_status, case_entry (temporary)
create temp table case_rival as
with inside as (select distinct case_id, cluster_id, profile_id from case_entry),
met as (
    select inside.case_id, inside.profile_id, pair.right_profile as other, pair.score + pair.worth as score, pair.band
    from link.scored_pair as pair join inside on inside.profile_id = pair.left_profile
    union all
    select inside.case_id, inside.profile_id, pair.left_profile, pair.score + pair.worth, pair.band
    from link.scored_pair as pair join inside on inside.profile_id = pair.right_profile
)
select
    met.case_id, met.profile_id, met.score, met.band, tied.child_id, child.name, child.sex, child.born_on, child.entries,
    list_distinct(coalesce(status.hukou_codes, []) || coalesce(status.residence_codes, [])) as codes
from met
join link.cluster as cluster on cluster.profile_id = met.other
join link.profile as profile on profile.profile_id = met.other
join link.entry_child as tied on tied.entry_id = profile.entry_id
join core.child as child on child.child_id = tied.child_id
left join care.migrant_status as status on status.child_id = tied.child_id
where not exists (from inside where inside.case_id = met.case_id and inside.cluster_id = cluster.cluster_id)
    and met.band <> 'forbid'
qualify row_number() over (partition by met.case_id, tied.child_id order by met.score desc, met.profile_id) = 1
    and dense_rank() over (partition by met.case_id order by met.score desc, tied.child_id) <= 5
order by met.case_id, met.score desc, tied.child_id
