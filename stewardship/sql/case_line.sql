-- case_line: what the queue knows of a case. One row a case.
-- reads   link.review_case, case_pair, case_entry (temporary), care.migrant_status, core.residence
with child as (
    select distinct case_entry.case_id, case_entry.child_id from case_entry where child_id is not null
),
place as (
    select
        child.case_id,
        list_sort(list_distinct(flatten(list(coalesce(status.hukou_codes, []) || coalesce(status.residence_codes, []))))) as counties,
        count(distinct status.status) > 1 as statuses_differ,
        count(*) filter (where status.status = 'migrant') as migrants
    from child join care.migrant_status as status using (child_id)
    group by child.case_id
),
home as (
    select child.case_id, list_sort(list_distinct(list(residence.township) filter (where residence.township is not null))) as townships
    from child join core.residence as residence on residence.child_id = child.child_id and residence.is_chosen
    group by child.case_id
),
of_entries as (
    select
        case_id,
        bool_or(feed in ('civil_affairs', 'disabled_federation')) as has_care_record,
        count(*) as entries
    from case_entry group by case_id
),
pair as (
    select
        case_id,
        list_sort(list_distinct(list(guard) filter (where guard <> 'none'))) as guards,
        list_sort(list_distinct(list(kind))) as kinds,
        list_sort(list_distinct(list(case when a.feed <= b.feed then a.feed || '-' || b.feed else b.feed || '-' || a.feed end))) as feed_pairs,
        first(band order by case_pair.score desc nulls last) as band
    from case_pair
    join (select entry_id, feed from case_entry) as a on a.entry_id = left_entry_id
    join (select entry_id, feed from case_entry) as b on b.entry_id = right_entry_id
    group by case_id
)
select
    review.case_id, review.kind, review.pairs, review.clusters, review.score, review.p_same,
    coalesce(place.counties, []) as counties, coalesce(place.statuses_differ, false) as statuses_differ,
    coalesce(place.migrants, 0) as migrants, coalesce(home.townships, []) as townships,
    of_entries.has_care_record, of_entries.entries, pair.guards, pair.kinds, pair.feed_pairs,
    coalesce(pair.band, 'review') as band
from link.review_case as review
join of_entries using (case_id)
join pair using (case_id)
left join place using (case_id)
left join home using (case_id)
order by review.case_id
