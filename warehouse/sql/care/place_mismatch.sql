-- care.place_mismatch: places that other departments tell of a child than the chosen one. One row a child, kind and other place.
-- turns_status: with the other place the child would, or wouldn't, be away from the county of its hukou.
-- reads: core.hukou, core.residence, care.child
-- params: period
with elsewhere as (
    select
        'hukou' as kind, claim.child_id, claim.source, claim.entry, claim.codes, claim.seen_on, claim.rank,
        claim.carried_periods
    from core.hukou as claim
    join core.hukou as chosen using (child_id)
    where chosen.is_chosen and claim.is_eligible and not claim.is_chosen and not list_has_any(claim.codes, chosen.codes)
    union all
    select
        'residence', claim.child_id, claim.source, claim.entry, claim.codes, claim.seen_on, claim.rank,
        claim.carried_periods
    from core.residence as claim
    join core.residence as chosen using (child_id)
    where chosen.is_chosen and claim.is_eligible and not claim.is_chosen and not list_has_any(claim.codes, chosen.codes)
),
chosen as (
    select 'hukou' as kind, child_id, source, entry, codes, seen_on from core.hukou where is_chosen
    union all
    select 'residence', child_id, source, entry, codes, seen_on from core.residence where is_chosen
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
        told.*, chosen.codes as chosen_codes, chosen.source as chosen_source, chosen.entry as chosen_entry,
        chosen.seen_on as chosen_seen_on
    from told
    join chosen using (child_id, kind)
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
