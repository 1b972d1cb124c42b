-- Children told of in the jurisdiction, by what was found. Those whose residence nobody knows are told beside them.
with found as (
    select case when residence_province is null then 'residence_unknown' else status end as status
    from mart.child_period
    where period = $period
      and ($jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
          or residence_province is null and $with_unknown)
)
select status, count(*) as children
from found
group by status
order by list_position(
    ['migrant', 'under_six_months', 'unaccompanied', 'excluded_city_centre', 'not_migrant', 'out_of_age', 'undetermined',
     'residence_unknown'], status
)
