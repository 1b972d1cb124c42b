-- figures of the release about to be published. One row a figure: feed (our room), table_name, measure, subject, figure
-- reads   std.entry, link.entry_child, link.child_event, link.anchor, link.review_case, core.child, care.migrant_status,
--         prior.known_anchor, prior.child_redirect, prior.child
with
-- one row an entry: how often it is linked, and to how many children
linked as (
    select
        entry.entry_id, entry.is_adult, entry.feed || '.' || entry.table_name as delivered,
        count(link.entry_id) as links, count(distinct link.child_id) as children
    from std.entry as entry
    left join link.entry_child as link using (entry_id)
    group by all
),
-- one row a child that has entries
cluster as (select child_id, count(*) as entries from link.entry_child where child_id is not null group by child_id),
-- one row a child of the last period of which a fact was seen again: has it the id that it had?
continuing as (
    select
        coalesce(redirect.to_child_id, known.child_id) as child_id,
        bool_or(anchor.child_id = coalesce(redirect.to_child_id, known.child_id)) as kept
    from prior.known_anchor as known
    join link.anchor as anchor using (anchor)
    left join prior.child_redirect as redirect on redirect.child_id = known.child_id
    semi join prior.child as child on child.child_id = coalesce(redirect.to_child_id, known.child_id)
    group by all
)
select 'std' as feed, 'entry' as table_name, 'rows' as measure, delivered as subject, count(*)::double as figure
from linked group by all
union all
select 'std', 'entry', 'adults', '', count(*)::double from linked where is_adult
union all
select 'link', 'entry_child', 'export_rows', delivered, sum(greatest(links, 1))::double from linked group by all
union all
select 'link', 'entry_child', 'not_one_child', '', count(*)::double
from linked where not is_adult and (links <> 1 or children <> 1)
union all
select 'link', 'entry_child', 'adults_linked', '', count(*)::double from linked where is_adult and children > 0
union all
select 'link', 'entry_child', 'without_entry', '', count(*)::double
from link.entry_child as link anti join std.entry as entry using (entry_id)
union all
select 'link', 'cluster', 'children', '', count(*)::double from cluster
union all
select 'link', 'cluster', 'entries', '', coalesce(sum(entries), 0)::double from cluster
union all
select 'link', 'cluster', 'largest', '', coalesce(max(entries), 0)::double from cluster
union all
select 'link', 'cluster', 'size', least(entries, 20)::varchar, count(*)::double from cluster group by all
union all
select 'link', 'child_event', event, '', count(distinct child_id)::double from link.child_event group by all
union all
select 'link', 'child_event', 'continuing', '', count(*)::double from continuing
union all
select 'link', 'child_event', 'kept', '', count(*)::double from continuing where kept
union all
select 'link', 'review_case', 'rows', '', count(*)::double from link.review_case
union all
select 'core', 'child', 'rows', '', count(*)::double from core.child
union all
select 'core', 'child', 'unlisted', '', count(*)::double
from cluster anti join core.child as child using (child_id)
union all
select 'core', 'child', 'without_status', '', count(*)::double
from core.child as child anti join care.migrant_status as status using (child_id)
union all
select 'care', 'migrant_status', 'status', status, count(*)::double from care.migrant_status group by all
order by all
