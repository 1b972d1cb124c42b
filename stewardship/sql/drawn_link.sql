-- drawn_link: automatic links that were drawn for people to verify, with their child and where it belongs. One row a link.
-- reads   link.link_sample, link.entry_child, care.migrant_status
select
    sample.case_id, sample.link_band, sample.cluster_id, sample.left_profile, sample.right_profile, sample.links, tied.child_id,
    list_distinct(coalesce(status.hukou_codes, []) || coalesce(status.residence_codes, [])) as codes
from link.link_sample as sample
join link.entry_child as tied on tied.entry_id = sample.left_entry_id
left join care.migrant_status as status using (child_id)
order by sample.case_id
