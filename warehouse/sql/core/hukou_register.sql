-- core.hukou_register: counties whose hukou register came. One row a county.
-- A register that was delivered names more children of a county than any other table does; one that was only asked about
-- some of them doesn't.
-- reads: std.entry, std.place, std.public_security_hukou
with told as (
    select
        place.county, entry.feed, entry.table_name, cast(count(*) as integer) as children,
        entry.feed = 'public_security' and entry.table_name = 'hukou' as is_register
    from std.place as place
    join std.entry as entry using (entry_id)
    left join std.public_security_hukou as register using (entry_id)
    where place.kind = 'hukou' and place.county is not null and not coalesce(entry.is_adult, false)
      and register.cancellation is distinct from 'cancelled'
    group by all
)
select county, max(children) filter (where is_register) as children
from told
group by county
having max(children) filter (where is_register) > coalesce(max(children) filter (where not is_register), 0)
