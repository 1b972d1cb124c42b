-- mart.child_period: what analysts may know of each child in a period, without identifiers. One row a child and period.
-- The token is a keyed hash: the same child has the same token in every period under one key, and none can be guessed back
-- without the key. Birth by month, age as the status has it (of a month or year of birth the last day), places no finer than
-- the county. Disclosure control of what is published from it is a step of its own and not done here.
-- reads: care.migrant_status, care.child, core.child, policy.county, policy.age_band
-- params: as_of, token_key
with place as (
    select codes, array_to_string(codes, '|') as county, min(county.prefecture) as prefecture, min(county.province) as province
    from (
        select codes, unnest(codes) as code
        from (select hukou_codes as codes from care.migrant_status union select residence_codes from care.migrant_status)
    )
    join policy.county as county using (code)
    group by codes
),
dated as (
    select
        status.*, child.* exclude (child_id, period), about.age_years,
        (year($as_of) - year(status.residing_since)) * 12 + month($as_of) - month(status.residing_since) as months_begun
    from care.migrant_status as status
    join core.child as child using (child_id, period)
    left join care.child as about on about.child_id = child.child_id
)
select
    substr(sha256($token_key || sha256($token_key || dated.child_id)), 1, 24) as child_token,
    dated.period,
    case
        when dated.born_precision in ('day', 'month') then strftime(dated.born_on, '%Y-%m')
        else strftime(dated.born_on, '%Y')
    end as birth_month,
    dated.age_years,
    coalesce(band.band, 'unknown') as age_band,
    coalesce(dated.sex, 'unknown') as sex,
    dated.ethnic_code,
    hukou.county as hukou_county, hukou.prefecture as hukou_prefecture, hukou.province as hukou_province,
    residence.county as residence_county, residence.prefecture as residence_prefecture,
    residence.province as residence_province,
    dated.status, dated.rule_id,
    cast(
        case
            when cast($as_of - to_months(dated.months_begun) as date) < dated.residing_since then dated.months_begun - 1
            else dated.months_begun
        end as integer
    ) as full_months_resident,
    dated.accompanied,
    round(dated.confidence, 2) as confidence,
    cast(len(list_distinct(list_transform(dated.known_to, lambda known: split_part(known, '/', 1)))) as integer)
        as departments,
    dated.is_carried
from dated
left join policy.age_band as band on dated.age_years between band.from_years and band.to_years
left join place as hukou on hukou.codes = dated.hukou_codes
left join place as residence on residence.codes = dated.residence_codes
order by child_token
