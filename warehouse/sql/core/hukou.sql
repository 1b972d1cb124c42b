-- core.hukou: all claims to a child's hukou, one of them chosen. One row a claim; at most one chosen a child.
-- The strongest source that names a county; of one source the later. The chosen claim says how far the others bear it out.
-- Who says that the hukou is in a county whose register came and doesn't have the child comes after all others.
-- reads: core.hukou_claim, core.hukou_register
-- by: child
with registered as (  -- what the county's own register has of the child; is_struck_off: nothing of it stands any more
    select child_id, code, bool_and(coalesce(set_aside = 'cancelled', false)) as is_struck_off
    from (
        select child_id, unnest(codes) as code, set_aside
        from core.hukou_claim
        where source = 'public_security/hukou'
    )
    group by child_id, code
),
judged as (  -- who was struck off has no hukou there, whatever a school or clinic still says
    select
        claim.* replace (
            case when registered.is_struck_off then coalesce(claim.set_aside, 'struck_off') else claim.set_aside end
                as set_aside
        ),
        register.county is not null and registered.code is null as is_missed
    from core.hukou_claim as claim
    left join registered on registered.child_id = claim.child_id and registered.code = claim.codes[1]
    left join core.hukou_register as register on register.county = claim.county
),
known as (  -- its parents' hukou is asked for only where nobody says where the child's own is; of both, where a register gainsays it
    select child_id, bool_and(is_missed) as is_missed
    from judged
    where source not in ('parents', 'one_parent') and set_aside is null
    group by child_id
),
admitted as (
    select * from judged where source not in ('parents', 'one_parent')
    union all
    select
        judged.* replace (
            case
                when judged.source = 'one_parent' and known.child_id is not null then 'known_itself'
                when judged.source = 'parents' and not known.is_missed then 'known_itself'
                else set_aside
            end as set_aside
        )
    from (select * from judged where source in ('parents', 'one_parent')) as judged
    left join known using (child_id)
),
ranked as (  -- choice: the least is the strongest; null for what can't be chosen
    select
        *,
        case
            when set_aside is null and rank is not null then
                -- one number to choose by: missed or not, strength, age, the two dates (later first), then the entry
                cast(is_missed::integer * 1000 + rank * 10 + carried_periods as hugeint) * 100000000000000000000000
                + cast(coalesce(date '2200-01-01' - seen_on, 999999) as hugeint) * 100000000000000000
                + cast(coalesce(date '2200-01-01' - since_on, 999999) as hugeint) * 100000000000
                + coalesce(entry_id, hash(entry) % 100000000000)
        end as choice
    from admitted
),
best as (select child_id, min(choice) as choice from ranked group by child_id),
first as (select ranked.* from ranked join best using (child_id, choice)),
spoken as (  -- one voice a source, for or against the chosen one
    select
        ranked.child_id, ranked.source, bool_or(list_has_any(ranked.codes, first.codes)) as agrees,
        max(ranked.confidence * power(0.9, ranked.carried_periods)) as confidence
    from ranked
    join first using (child_id)
    where ranked.choice is not null
    group by ranked.child_id, ranked.source
),
borne_out as (
    select
        child_id,
        cast(count(*) filter (where agrees) as integer) as agreeing,
        cast(count(*) filter (where not agrees) as integer) as disagreeing,
        -- logarithms as whole numbers: the sum doesn't depend on the order of adding
        round(
            (1 - exp(-coalesce(sum(cast(-ln(1 - confidence) * 1e6 as bigint)) filter (where agrees), 0) / 1e6))
            * exp(-coalesce(sum(cast(-ln(1 - confidence / 4) * 1e6 as bigint)) filter (where not agrees), 0) / 1e6),
            4
        ) as confidence
    from spoken
    group by child_id
)
select
    ranked.child_id, ranked.source, ranked.feed, ranked.table_name, ranked.entry_id, ranked.entry,
    ranked.codes, ranked.county, ranked.level, ranked.prefecture, ranked.province, ranked.township, ranked.fault,
    ranked.since_on, ranked.seen_on, ranked.set_aside, ranked.from_period, ranked.carried_periods,
    ranked.rank,
    ranked.choice is not null as is_eligible,
    first.child_id is not null as is_chosen,
    case
        when ranked.set_aside is not null then ranked.set_aside
        when ranked.rank is null then 'unknown_source'
        when first.child_id is null and ranked.is_missed then 'not_in_register'
        when first.child_id is null then 'weaker'
        when borne_out.agreeing + borne_out.disagreeing = 1 then 'only_source'
        else 'strongest_source'
    end as reason,
    borne_out.agreeing, borne_out.disagreeing,
    round(borne_out.confidence * case when len(ranked.codes) > 1 then 0.8 else 1.0 end, 4) as confidence
from ranked
left join first on first.child_id = ranked.child_id and first.choice = ranked.choice
left join borne_out on borne_out.child_id = first.child_id
