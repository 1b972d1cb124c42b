-- What villages are called, as addresses name them beside a code of twelve digits. One row a village.
-- A name stands for the code that it is nearly always written with; a single entry may be a slip and is not taken.
-- reads: std.place, and lookup/delivered_address
with written as (
    select
        place.village,
        regexp_extract(told.address, '(?:街道|镇|乡|苏木)([^\d\s　号]{1,12}?(?:村|社区|居委会|嘎查))', 1) as name, count(*) as entries
    from ($delivered_address) as told
    join std.place as place on place.entry_id = told.entry_id and place.kind = 'residence'
    where place.village is not null
    group by all
)
select village, arg_max(name, struct_pack(entries := entries, name := name)) as name
from written
where name <> ''
group by village
having max(entries) >= 2 and max(entries) >= 0.9 * sum(entries)
