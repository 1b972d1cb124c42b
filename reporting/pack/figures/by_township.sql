-- Migrant children by the township where they live, as the departments tell it; inside the bureau only.
with living as (
    select
        array_to_string(status.residence_codes, '|') as residence_county, coalesce(about.residence_township, 'unknown') as township,
        child.sex
    from care.migrant_status as status
    join core.child as child using (child_id)
    left join care.child as about on about.child_id = status.child_id
    where status.status = 'migrant'
      and status.residence_codes[1] in (
          select code from policy.county where $jurisdiction in ('000000', code, prefecture, province)
      )
)
select
    residence_county, township,
    count(*) filter (where sex = 'male') as male,
    count(*) filter (where sex = 'female') as female,
    count(*) filter (where sex is null) as sex_unknown,
    count(*) as children
from living
group by residence_county, township
order by residence_county, township = 'unknown', township
