-- care.child: what every list asks first: a child's age, places and status on the reference date. One row a child.
-- A township or village is that of the best claim to the chosen county which names one. is_here: lives in the run's
-- jurisdiction; is_hukou_here: has its hukou there.
-- reads: core.child, core.hukou, core.residence, care.migrant_status, std.place, policy.county
-- params: as_of, jurisdiction
with here as (
    select code from policy.county
    where code = $jurisdiction or prefecture = $jurisdiction or province = $jurisdiction
),
finer as (  -- claims that say more than a county
    select
        'residence' as kind, claim.child_id, claim.codes, claim.township, place.village, claim.entry,
        claim.rank * 10 + claim.carried_periods as strength, claim.seen_on
    from core.residence as claim
    left join std.place as place on place.entry_id = claim.entry_id and place.kind = 'residence'
    where claim.township is not null and claim.is_eligible
    union all
    select
        'hukou', claim.child_id, claim.codes, claim.township, place.village, claim.entry,
        claim.rank * 10 + claim.carried_periods, claim.seen_on
    from core.hukou as claim
    left join std.place as place on place.entry_id = claim.entry_id and place.kind = 'hukou'
    where claim.township is not null and claim.is_eligible
),
fitting as (
    select
        finer.*,
        struct_pack(
            strength := finer.strength, seen := date '2200-01-01' - coalesce(finer.seen_on, date '0001-01-01'),
            entry := finer.entry
        ) as choice
    from finer
    join care.migrant_status as status using (child_id)
    where list_has_any(
        finer.codes, case finer.kind when 'hukou' then status.hukou_codes else status.residence_codes end
    )
),
in_township as (select child_id, kind, arg_min(township, choice) as township from fitting group by child_id, kind),
in_village as (
    select fitting.child_id, fitting.kind, in_township.township, arg_min(fitting.village, fitting.choice) as village
    from fitting
    join in_township using (child_id, kind, township)
    group by all
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
    registered.township as hukou_township, registered.village as hukou_village,
    status.residence_codes, case when len(status.residence_codes) = 1 then status.residence_codes[1] end as residence_county,
    living.township as residence_township, living.village as residence_village,
    coalesce(list_has_any(status.residence_codes, (select list(code) from here)), false) as is_here,
    coalesce(list_has_any(status.hukou_codes, (select list(code) from here)), false) as is_hukou_here
from dated
join care.migrant_status as status using (child_id)
left join in_village as registered on registered.child_id = dated.child_id and registered.kind = 'hukou'
left join in_village as living on living.child_id = dated.child_id and living.kind = 'residence'
