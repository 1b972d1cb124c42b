-- core.hukou: all claims to a child's hukou, one of them chosen. One row a claim; at most one chosen a child.
-- The strongest source that names a county; of one source the later. The chosen claim says how far the others bear it out.
-- reads: core.hukou_claim
-- by: child
with struck_off as (  -- from the hukou register of a county, and nothing of it stands there any more
    select child_id, code
    from (
        select child_id, unnest(codes) as code, set_aside
        from core.hukou_claim
        where source = 'public_security/hukou'
    )
    group by child_id, code
    having bool_and(coalesce(set_aside = 'cancelled', false))
),
judged as (  -- then the child has no hukou there, whatever a school or clinic still says
    select
        claim.* replace (
            case when struck_off.code is null then claim.set_aside else coalesce(claim.set_aside, 'struck_off') end
                as set_aside
        )
    from core.hukou_claim as claim
    left join struck_off on struck_off.child_id = claim.child_id and struck_off.code = claim.codes[1]
),
ranked as (  -- choice: the least is the strongest; null for what can't be chosen
    select
        *,
        case
            when set_aside is null and rank is not null then
                -- one number to choose by: strength, age, the two dates (later first), then the entry
                cast(rank * 10 + carried_periods as hugeint) * 100000000000000000000000
                + cast(coalesce(date '2200-01-01' - seen_on, 999999) as hugeint) * 100000000000000000
                + cast(coalesce(date '2200-01-01' - since_on, 999999) as hugeint) * 100000000000
                + coalesce(entry_id, hash(entry) % 100000000000)
        end as choice
    from judged
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
        when first.child_id is null then 'weaker'
        when borne_out.agreeing + borne_out.disagreeing = 1 then 'only_source'
        else 'strongest_source'
    end as reason,
    borne_out.agreeing, borne_out.disagreeing,
    round(borne_out.confidence * case when len(ranked.codes) > 1 then 0.8 else 1.0 end, 4) as confidence
from ranked
left join first on first.child_id = ranked.child_id and first.choice = ranked.choice
left join borne_out on borne_out.child_id = first.child_id
