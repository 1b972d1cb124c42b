-- kept_id: children of both periods and whether their main child id, that of most entries, is the same in both. One row a child.
-- params  truth_first, truth_second: the truth's links; links_first, links_second: the product's export of both periods
-- Where two ids hold equally many of a child's entries, either is its main id.
-- is_l_to_g  its student number L… became another; is_rekeyed: in some table none of its keys of the first period is left
with truth as (
    select 1 as half, * from read_csv($truth_first, all_varchar = true)
    union all by name select 2 as half, * from read_csv($truth_second, all_varchar = true)
),
link as (
    select 1 as half, * from read_parquet($links_first)
    union all by name select 2 as half, * from read_parquet($links_second)
),
main as (
    select truth.child, half, link.child_id, count(*) as entries
    from truth
    join link using (half, feed, "table", file)
    where truth.row::integer = link.row::integer and truth.child <> '' and link.child_id <> ''
    group by truth.child, half, link.child_id
    qualify rank() over (partition by truth.child, half order by entries desc) = 1
),
ids as (
    select child, half, list(child_id) as main_ids from main group by child, half
),
keys as (
    select
        child, feed, "table",
        list(key) filter (half = 1) as before, list(key) filter (half = 2) as after
    from truth
    where child <> ''
    group by child, feed, "table"
),
changed as (
    select
        child,
        bool_or("table" = 'enrolment' and feed = 'education' and len(list_filter(before, lambda key: key like 'L%')) > 0
            and len(list_filter(after, lambda key: key like 'G%')) > 0) as is_l_to_g,
        bool_or(not list_has_any(before, after)) as is_rekeyed
    from keys
    where before is not null and after is not null
    group by child
)
select
    one.child,
    list_has_any(one.main_ids, two.main_ids) as is_kept,
    coalesce(changed.is_l_to_g, false) as is_l_to_g,
    coalesce(changed.is_rekeyed, false) as is_rekeyed
from ids as one
join ids as two using (child)
left join changed using (child)
where one.half = 1 and two.half = 2
