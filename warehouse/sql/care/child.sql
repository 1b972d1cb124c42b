-- care.child: what every list asks first: a child's age, places and status on the reference date. One row a child.
-- A township or village is that of the best claim to the chosen county which names one; a retired county's code is none, since
-- only the county's successor is known. is_here: lives in the run's
-- jurisdiction; is_hukou_here: has its hukou there.
-- reads: core.child, core.hukou, core.residence, care.migrant_status, std.place, policy.county
-- params: as_of, jurisdiction
-- by: child
with here as (
    select code from policy.county
    where code = $jurisdiction or prefecture = $jurisdiction or province = $jurisdiction
),
finer as (  -- claims that say more than a county; the least choice is the best
    select
        'residence' as kind, claim.child_id, claim.codes, claim.township, place.village,
        cast(claim.rank * 10 + claim.carried_periods as hugeint) * 100000000000000000
        + cast(coalesce(date '2200-01-01' - claim.seen_on, 999999) as hugeint) * 100000000000
        + coalesce(claim.entry_id, hash(claim.entry) % 100000000000) as choice
    from core.residence as claim
    left join std.place as place on place.entry_id = claim.entry_id and place.kind = 'residence'
    where claim.township is not null and claim.is_eligible and list_contains(claim.codes, left(claim.township, 6))
    union all
    select
        'hukou', claim.child_id, claim.codes, claim.township, place.village,
        cast(claim.rank * 10 + claim.carried_periods as hugeint) * 100000000000000000
        + cast(coalesce(date '2200-01-01' - claim.seen_on, 999999) as hugeint) * 100000000000
        + coalesce(claim.entry_id, hash(claim.entry) % 100000000000)
    from core.hukou as claim
    left join std.place as place on place.entry_id = claim.entry_id and place.kind = 'hukou'
    where claim.township is not null and claim.is_eligible and list_contains(claim.codes, left(claim.township, 6))
),
fitting as (  -- the best claim's township, and the best village that any claim names
    select
        finer.child_id, finer.kind, arg_min(finer.township, finer.choice) as township,
        arg_min(finer.village, finer.choice) as village
    from finer
    join care.migrant_status as status using (child_id)
    where list_has_any(
        finer.codes, case finer.kind when 'hukou' then status.hukou_codes else status.residence_codes end
    )
    group by finer.child_id, finer.kind
),
placed as (
    select
        child_id,
        max(township) filter (where kind = 'hukou') as hukou_township,
        max(village) filter (where kind = 'hukou' and starts_with(village, township)) as hukou_village,
        max(township) filter (where kind = 'residence') as residence_township,
        max(village) filter (where kind = 'residence' and starts_with(village, township)) as residence_village
    from fitting
    group by child_id
),
dated as (
    select
        child_id, born_on, born_precision, period,
        case born_precision  -- the last day that it can be
            when 'month' then cast(date_trunc('month', born_on) + to_months(1) - to_days(1) as date)
            when 'year' then cast(date_trunc('year', born_on) + to_years(1) - to_days(1) as date)
            else born_on
        end as born_at_latest
    from core.child
)
select
    dated.child_id, dated.period, status.status, dated.born_at_latest,
    cast(
        year($as_of) - year(dated.born_at_latest) - case
            when cast(dated.born_at_latest + to_years(year($as_of) - year(dated.born_at_latest)) as date) > $as_of then 1
            else 0
        end as integer
    ) as age_years,
    status.hukou_codes, case when len(status.hukou_codes) = 1 then status.hukou_codes[1] end as hukou_county,
    placed.hukou_township, placed.hukou_village,
    status.residence_codes, case when len(status.residence_codes) = 1 then status.residence_codes[1] end as residence_county,
    placed.residence_township, placed.residence_village,
    coalesce(status.residence_codes[1] in (select code from here), false) as is_here,
    coalesce(status.hukou_codes[1] in (select code from here), false) as is_hukou_here
from dated
join care.migrant_status as status using (child_id)
left join placed on placed.child_id = dated.child_id
