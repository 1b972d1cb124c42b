-- std.township: townships whose code these deliveries write beside their name. One row a county and name.
-- A name stands for the code that it is nearly always written with; a single entry may be a slip and is not taken.
-- reads   delivered (view over the raw tables), temp value_place, value_address
with said as (
    select hukou_division_code as value, hukou_address as address from delivered where hukou_address is not null
    union all
    select residence_division_code, residence_address from delivered where residence_address is not null
),
written as (
    select place.county, address.township_name as name, place.township, count(*) as entries
    from said
    join value_place as place on place.delivered = said.value
    join value_address as address on address.delivered = said.address
    where place.county is not null and place.township is not null and address.township_name is not null
    group by all
)
select
    county, name, arg_max(township, struct_pack(entries := entries, township := township)) as township,
    cast(max(entries) as integer) as entries
from written
group by county, name
having max(entries) >= 2 and max(entries) >= 0.9 * sum(entries)
order by county, name
