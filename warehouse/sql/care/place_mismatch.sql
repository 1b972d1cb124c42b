-- care.place_mismatch: places that other departments tell of a child than the chosen one. One row a child, kind and other place.
-- turns_status: with the other place the child would, or wouldn't, be away from the county of its hukou.
-- The newest reply of a hukou county stands among them: another place, or none where it says only that the hukou isn't there.
-- reads: core.hukou, core.residence, care.child, core.child_redirect, prior.hukou_answer, policy.succession
-- params: period
-- by: child
with replied as (
    select
        coalesce(redirect.to_child_id, answer.child_id) as child_id, answer.answer,
        left(answer.party, 6) as answered_by, left(answer.division_code, 6) as county, answer.said_on,
        'packet/' || answer.number as entry
    from prior.hukou_answer as answer
    left join core.child_redirect as redirect on redirect.child_id = answer.child_id
    qualify row_number() over (
        partition by coalesce(redirect.to_child_id, answer.child_id) order by answer.answer_id desc
    ) = 1
),
succeeded as (select code, list(successor order by successor) as codes from policy.succession group by code),
denied as (
    select
        replied.child_id, replied.answered_by, replied.said_on, replied.entry,
        case when replied.answer = 'corrected' then coalesce(succeeded.codes, [replied.county]) end as codes
    from replied
    left join succeeded on succeeded.code = replied.county
    where replied.answer in ('denied', 'corrected')
),
elsewhere as (
    select
        'hukou' as kind, claim.child_id, claim.source, claim.entry, claim.codes, claim.seen_on, claim.rank,
        claim.carried_periods
    from core.hukou as claim
    join core.hukou as chosen using (child_id)
    where chosen.is_chosen and claim.is_eligible and not claim.is_chosen and not list_has_any(claim.codes, chosen.codes)
    union all
    select 'hukou', denied.child_id, 'reply', denied.entry, denied.codes, denied.said_on, 0, 0
    from denied
    join core.hukou as chosen using (child_id)
    where chosen.is_chosen
      and case
          when denied.codes is null then list_contains(chosen.codes, denied.answered_by)  -- it is what was asked about
          else not list_has_any(denied.codes, chosen.codes)
      end
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
        case
            when other.codes is null then child.status in ('migrant', 'unaccompanied', 'under_six_months')
            when other.kind = 'hukou'
            then list_has_any(other.codes, child.residence_codes) <> list_has_any(child.hukou_codes, child.residence_codes)
            else list_has_any(other.codes, child.hukou_codes) <> list_has_any(child.hukou_codes, child.residence_codes)
        end,
        false
    ) as turns_status,
    child.status as migrant_status, child.residence_county as county, child.residence_township as township
from other
join care.child as child using (child_id)
order by other.child_id, other.kind, other.codes
