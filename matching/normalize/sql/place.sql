-- std.place: what each division delivered with an entry means on the reference date. One row an entry and kind of place.
-- Where the code names no county, the division that the address beside it begins with does, unless the two disagree; where
-- it names no township, the one that the address names does, if its code is known from other entries.
-- reads   delivered (view over the raw tables), std.township, temp value_place, value_address, value_address_place
with said as (
    select entry_id, 'hukou' as kind, hukou_division_code as value, hukou_address as address from delivered
    union all
    select entry_id, 'residence', residence_division_code, residence_address from delivered
    union all
    select entry_id, 'insured', insured_division_code, null from delivered
    union all
    select entry_id, 'treatment', treatment_division_code, null from delivered
    union all
    select entry_id, 'emergency', emergency_division_code, null from delivered
),
by_code as (
    select
        s.entry_id, s.kind, p.*, case when p.codes is null then s.address end as asked_address,
        case when p.township is null then s.address end as township_address
    from said as s
    left join value_place as p on p.delivered = s.value
),
placed as (
    select
        p.* exclude (asked_address), a.codes as a_codes, a.county as a_county, a.level as a_level,
        a.prefecture as a_prefecture, a.province as a_province,
        a.codes is not null
            and coalesce(p.province = a.province, true) and coalesce(p.prefecture = a.prefecture, true) as is_by_address
    from by_code as p
    left join value_address_place as a on a.delivered = p.asked_address
)
select
    placed.entry_id, placed.kind,
    case when is_by_address then a_codes else codes end as codes,
    case when is_by_address then a_county else placed.county end as county,
    case when is_by_address then a_level else level end as level,
    case when is_by_address then a_prefecture else prefecture end as prefecture,
    case when is_by_address then a_province else province end as province,
    coalesce(placed.township, named.township) as township, village,
    case when is_by_address then 'from_address' else fault end as fault
from placed
left join value_address as address on address.delivered = placed.township_address
left join std.township as named
    on named.name = address.township_name
    and named.county = case when is_by_address then placed.a_county else placed.county end
where is_by_address or fault <> 'blank' or fault is null and level is not null
