-- mart.feed_period: what came of each table in the period. One row a table.
-- Rows read are landed, exact repeats or quarantined, always.
-- reads: raw.receipt, std.entry, link.entry_child
-- params: period
with entry as (
    select
        entry.feed, entry.table_name,
        cast(count(*) as integer) as entries,
        cast(count(*) filter (where entry.is_adult) as integer) as adult_entries,
        cast(count(distinct tied.child_id) as integer) as children
    from std.entry as entry
    left join link.entry_child as tied using (entry_id)
    group by entry.feed, entry.table_name
)
select
    $period as period, receipt.feed, receipt.table_name, receipt.status,
    cast(receipt.files as integer) as files, cast(receipt.bytes as bigint) as bytes,
    cast(receipt.rows_read as bigint) as rows_read, cast(receipt.rows_landed as bigint) as rows_landed,
    cast(receipt.rows_repeated as bigint) as rows_repeated, cast(receipt.rows_quarantined as bigint) as rows_quarantined,
    coalesce(entry.entries, 0) as entries, coalesce(entry.adult_entries, 0) as adult_entries,
    coalesce(entry.children, 0) as children
from raw.receipt as receipt
left join entry using (feed, table_name)
order by receipt.feed, receipt.table_name
