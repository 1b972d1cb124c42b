-- Migrant children by who lives with them, as the latest visit or the guardians' own registrations tell.
select accompanied as company, count(*) as children
from mart.child_period
where period = $period and status = 'migrant'
  and $jurisdiction in ('000000', residence_county, residence_prefecture, residence_province)
group by accompanied
order by list_position(['both_parents', 'one_parent', 'other_guardian', 'unknown'], accompanied)
