-- care.place_mismatch: places that other departments tell of a child than the chosen one. One row a child, kind and other place.
-- turns_status: with the other place the child would, or wouldn't, be away from the county of its hukou.
-- reads: core.hukou, core.residence, care.child
-- params: period
with claim as (
    select 'hukou' as kind, child_id, source, entry, codes, county, seen_on, rank, carried_periods, is_chosen, is_eligible
    from core.hukou
    union all
    select 'residence', child_id, source, entry, codes, county, seen_on, rank, carried_periods, is_chosen, is_eligible
    from core.residence
),
chosen as (select * from claim where is_chosen),
other as (
    select
        chosen.kind, chosen.child_id, claim.codes,
        any_value(chosen.codes) as chosen_codes, any_value(chosen.source) as chosen_source,
        any_value(chosen.entry) as chosen_entry, any_value(chosen.seen_on) as chosen_seen_on,
        list_sort(list_distinct(list(claim.source))) as sources,
        arg_min(claim.entry, struct_pack(strength := claim.rank * 10 + claim.carried_periods, entry := claim.entry))
            as evidence,
        max(claim.seen_on) as seen_on
    from chosen
    join claim using (child_id, kind)
    where claim.is_eligible and not list_has_any(claim.codes, chosen.codes)
    group by chosen.kind, chosen.child_id, claim.codes
)
select
    other.child_id, $period as period, other.kind, other.chosen_codes, other.chosen_source, other.chosen_entry,
    other.chosen_seen_on, other.codes, other.sources, other.evidence, other.seen_on,
    coalesce(
        case other.kind
            when 'hukou'
            then list_has_any(other.codes, child.residence_codes) <> list_has_any(child.hukou_codes, child.residence_codes)
            else list_has_any(other.codes, child.hukou_codes) <> list_has_any(child.hukou_codes, child.residence_codes)
        end,
        false
    ) as turns_status,
    child.status as migrant_status, child.residence_county as county, child.residence_township as township
from other
join care.child as child using (child_id)
order by other.child_id, other.kind, other.codes
