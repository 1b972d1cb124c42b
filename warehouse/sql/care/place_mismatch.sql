-- care.place_mismatch: places that other departments tell of a child than the chosen one. One row a child, kind and other place.
-- turns_status: with the other place the child would, or wouldn't, be away from the county of its hukou.
-- reads: core.hukou, core.residence, care.child
-- params: period
with claim as (
    select 'hukou' as kind, child_id, source, entry, codes, seen_on, rank, carried_periods, is_chosen, is_eligible
    from core.hukou
    union all
    select 'residence', child_id, source, entry, codes, seen_on, rank, carried_periods, is_chosen, is_eligible
    from core.residence
),
settled as (
    select 'hukou' as kind, child_id, codes from core.hukou where is_chosen
    union all
    select 'residence', child_id, codes from core.residence where is_chosen
),
elsewhere as (
    select claim.*
    from claim
    join settled using (child_id, kind)
    where claim.is_eligible and not list_has_any(claim.codes, settled.codes)
),
told as (
    select
        kind, child_id, codes, list_sort(list_distinct(list(source))) as sources,
        arg_min(entry, struct_pack(strength := rank * 10 + carried_periods, entry := entry)) as evidence,
        max(seen_on) as seen_on
    from elsewhere
    group by kind, child_id, codes
),
other as (
    select
        told.*, claim.codes as chosen_codes, claim.source as chosen_source, claim.entry as chosen_entry,
        claim.seen_on as chosen_seen_on
    from told
    join claim on claim.child_id = told.child_id and claim.kind = told.kind and claim.is_chosen
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
