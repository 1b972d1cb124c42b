-- core.hukou: all claims to a child's hukou, one of them chosen. One row a claim; at most one chosen a child.
-- The strongest source that names a county; of one source the later. The chosen claim says how far the others bear it out.
-- reads: core.hukou_claim
with ranked as (
    select
        *,
        set_aside is null and rank is not null as is_eligible,
        row_number() over (
            partition by child_id, set_aside is null and rank is not null
            order by
                -- strength, age and the two dates, later first, in one number: a short key sorts fast
                rank * 100000000000000 + carried_periods * 1000000000000
                    + coalesce(date '2200-01-01' - seen_on, 999999) * 1000000
                    + coalesce(date '2200-01-01' - since_on, 999999),
                entry_id, hash(entry)
        ) as place
    from core.hukou_claim
),
first as (select child_id, codes from ranked where is_eligible and place = 1),
spoken as (  -- one voice a source, for or against the chosen one
    select
        ranked.child_id, ranked.source, bool_or(list_has_any(ranked.codes, first.codes)) as agrees,
        max(ranked.confidence * power(0.9, ranked.carried_periods)) as confidence
    from ranked
    join first using (child_id)
    where ranked.is_eligible
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
    ranked.rank, ranked.is_eligible,
    ranked.is_eligible and ranked.place = 1 as is_chosen,
    case
        when ranked.set_aside is not null then ranked.set_aside
        when not ranked.is_eligible then 'unknown_source'
        when ranked.place > 1 then 'weaker'
        when borne_out.agreeing + borne_out.disagreeing = 1 then 'only_source'
        else 'strongest_source'
    end as reason,
    case when ranked.is_eligible and ranked.place = 1 then borne_out.agreeing end as agreeing,
    case when ranked.is_eligible and ranked.place = 1 then borne_out.disagreeing end as disagreeing,
    case
        when ranked.is_eligible and ranked.place = 1
        then round(borne_out.confidence * case when len(ranked.codes) > 1 then 0.8 else 1.0 end, 4)
    end as confidence
from ranked
left join borne_out using (child_id)
