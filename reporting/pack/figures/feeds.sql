-- What came of each department's table in the period: rows read are landed, exact repeats or quarantined.
select
    feed, feed || '/' || table_name as delivered, status as receipt, rows_read, rows_landed, rows_repeated,
    rows_quarantined, children
from mart.feed_period
where period = $period
order by feed, table_name
