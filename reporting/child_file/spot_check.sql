-- Files drawn for the yearly check: in every county the same share, at least so many, by a lot that anybody can draw again
-- from the seed. One row a file.
with lot as (
    select
        child_file.*,
        row_number() over (partition by county order by sha256($seed || child_id), child_id) as drawn,
        count(*) over (partition by county) as files
    from care.child_file as child_file
    where county is null and $with_unknown
       or county in (select code from policy.county where $within in ('000000', code, prefecture, province))
)
select child_id, county, township, groups, completeness, missing
from lot
where drawn <= greatest($at_least, ceil(files * $share))
