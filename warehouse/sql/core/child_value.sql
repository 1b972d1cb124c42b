-- core.child_value: what the entries say that a child is. One row a child, field and distinct value; the chosen is marked.
-- Values that agree add up; the largest sum is chosen, then the best source, then the least entry.
-- reads: std.entry, std.name, link.entry_child, policy.evidence_source
with source as (  -- each source has a bit, so that a set of sources is a number
    select
        source, rank, cast(-ln(1 - confidence) * 1000 as bigint) as weight,
        1 << cast(row_number() over (order by rank, source) - 1 as integer) as bit
    from policy.evidence_source
    where kind = 'child'
),
source_set as (  -- whole numbers: the sum doesn't depend on the order of adding
    select
        members, coalesce(sum(weight), 1000) as weight, coalesce(min(rank), 99) as rank,
        count(source) filter (where source <> 'citizen_no') as sources
    from (select unnest(range((select 2 * max(bit) from source))) as members)
    left join source on members & bit <> 0
    group by members
),
entry as (
    select
        tied.child_id, entry.entry_id, entry.feed || '/' || entry.table_name as source, entry.name_id, entry.sex,
        entry.born_on, entry.born_precision, entry.ethnic_code, entry.citizen_no, entry.citizen_no_state, entry.embedded_no
    from link.entry_child as tied
    join std.entry as entry using (entry_id)
    where tied.child_id is not null
),
named as (
    select
        entry.child_id, 'name' as field, name.folded as value, entry.source, entry.entry_id,
        case
            when name.kind in ('blank', 'placeholder') then 0.001
            when name.kind = 'newborn' then 0.01
            when name.has_unknown then 0.05
            when name.kind in ('latin', 'tibetan_script') then 0.1
            else 1.0
        end as share
    from entry
    join std.name as name using (name_id)
    where name.folded is not null and name.folded <> ''
),
-- one number seen in two fields of one entry is one piece of evidence
numbered as (
    select child_id, 'citizen_no' as field, citizen_no as value, source, entry_id,
        case when citizen_no_state = 'shared' then 0.3 else 1.0 end as share
    from entry where citizen_no is not null
    union all
    select child_id, 'citizen_no', embedded_no, source, entry_id, 0.9
    from entry where embedded_no is not null and embedded_no is distinct from citizen_no
),
born as (
    select child_id, 'born_on' as field, cast(born_on as varchar) as value, source, entry_id,
        case when born_precision = 'day' or born_precision is null then 1.0 else 0.3 end as share
    from entry where born_on is not null
    union all
    select child_id, 'born_on', cast(born_on as varchar), 'citizen_no', entry_id, 1.0
    from (
        select child_id, entry_id, try_cast(
            substr(value, 7, 4) || '-' || substr(value, 11, 2) || '-' || substr(value, 13, 2) as date
        ) as born_on
        from numbered where length(value) = 18 and share = 1.0
    )
    where born_on is not null
),
said as (
    select * from named
    union all select * from numbered
    union all select * from born
    union all select child_id, 'sex', sex, source, entry_id, 1.0 from entry where sex is not null
    union all select child_id, 'ethnic_code', ethnic_code, source, entry_id, 1.0 from entry where ethnic_code is not null
),
gathered as (  -- a source that says the same in three rows says it once
    select
        child_id, field, value, bit_or(coalesce(source.bit, 0)) as members, max(share) as share,
        min(coalesce(source.rank, 99) * 1000000000000 + entry_id) as first_said,
        cast(count(*) filter (where said.source <> 'citizen_no') as integer) as entries
    from said
    left join source using (source)
    group by child_id, field, value
),
summed as (
    select
        child_id, field, value, cast(source_set.weight * share as bigint) as weight, source_set.rank,
        first_said % 1000000000000 as entry_id, entries, cast(source_set.sources as integer) as sources
    from gathered
    join source_set using (members)
)
select
    child_id, field, value, entry_id, entries, sources,
    round(1 - exp(-weight / 1000.0), 4) as confidence,
    cast(row_number() over best as integer) as place,
    row_number() over best = 1 as is_chosen,
    cast(count(*) over (partition by child_id, field) as integer) as values_known
from summed
window best as (partition by child_id, field order by weight desc, rank, entry_id, value)
