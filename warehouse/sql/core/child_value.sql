-- core.child_value: what the entries say that a child is. One row a child, field and distinct value; the chosen is marked.
-- Values that agree add up; the largest sum is chosen, then the best source, then the least entry.
-- reads: std.entry, std.name, link.entry_child, policy.evidence_source
-- by: child
with source as (  -- each source has a bit, so that a set of sources is a number
    select
        source, rank, cast(-ln(1 - confidence) * 1000 as bigint) as weight,
        1 << cast(row_number() over (order by rank, source) - 1 as integer) as bit
    from policy.evidence_source
    where kind = 'child'
),
source_set as (  -- whole numbers: the sum doesn't depend on the order of adding
    select
        members, cast(coalesce(sum(weight), 1000) as bigint) as weight, coalesce(min(rank), 99) as rank,
        count(source) filter (where source <> 'citizen_no') as sources
    from (select unnest(range((select 2 * max(bit) from source))) as members)
    left join source on members & bit <> 0
    group by members
),
-- a child by number: what follows groups and joins millions of rows by it
child as (select child_id, min(entry_id) as child_no from link.entry_child where child_id is not null group by child_id),
entry as (
    select
        child.child_no, entry.entry_id, entry.name_id, entry.sex,
        entry.born_on, entry.born_precision, entry.ethnic_code, entry.citizen_no, entry.citizen_no_state, entry.embedded_no,
        coalesce(source.bit, 0) as bit, coalesce(source.rank, 99) * 1000000000000 + entry.entry_id as first_said
    from child
    join link.entry_child as tied using (child_id)
    join std.entry as entry using (entry_id)
    left join source on source.source = entry.feed || '/' || entry.table_name
),
-- A source that says the same in three rows says it once. Each field is gathered by itself, in its own type.
named as (
    select
        child_no, 'name' as field, name.folded as value, bit_or(members) as members,
        max(
            case
                when name.kind in ('blank', 'placeholder') then 1
                when name.kind = 'newborn' then 10
                when name.has_unknown then 50
                when name.kind in ('latin', 'tibetan_script') then 100
                else 1000
            end
        ) as share,  -- of the sources' weight, in thousandths
        min(first_said) as first_said, sum(entries) as entries
    from (
        select child_no, name_id, bit_or(bit) as members, min(first_said) as first_said, count(*) as entries
        from entry
        group by child_no, name_id
    )
    join std.name as name using (name_id)
    where name.folded is not null and name.folded <> ''
    group by child_no, name.folded
),
-- one number seen in two fields of one entry is one piece of evidence
numbered as (
    select
        child_no, 'citizen_no' as field, value, bit_or(bit) as members, max(share) as share,
        min(first_said) as first_said, count(*) as entries,
        min(entry_id) filter (where share = 1000) as owned_by  -- the least entry whose own sound number it is
    from (
        select child_no, citizen_no as value, bit, first_said, entry_id,
            case when citizen_no_state = 'shared' then 300 else 1000 end as share
        from entry where citizen_no is not null
        union all
        select child_no, embedded_no, bit, first_said, entry_id, 900
        from entry where embedded_no is not null and embedded_no is distinct from citizen_no
    )
    group by child_no, value
),
born as (
    select
        child_no, 'born_on' as field, cast(born_on as varchar) as value, bit_or(members) as members, max(share) as share,
        min(first_said) as first_said, sum(entries) as entries
    from (
        select
            child_no, born_on, bit_or(bit) as members, min(first_said) as first_said, count(*) as entries,
            max(case when born_precision = 'day' or born_precision is null then 1000 else 300 end) as share
        from entry
        where born_on is not null
        group by child_no, born_on
        union all
        select child_no, born_on, coalesce(bit, 0), coalesce(rank, 99) * 1000000000000 + owned_by, 0, 1000
        from (
            select child_no, owned_by, try_cast(
                substr(value, 7, 4) || '-' || substr(value, 11, 2) || '-' || substr(value, 13, 2) as date
            ) as born_on
            from numbered where length(value) = 18 and owned_by is not null
        )
        left join source on source.source = 'citizen_no'
        where born_on is not null
    )
    group by child_no, born_on
),
gathered as (
    select * from named
    union all select * exclude (owned_by) from numbered
    union all select * from born
    union all
    select child_no, 'sex', sex, bit_or(bit), 1000, min(first_said), count(*)
    from entry where sex is not null group by child_no, sex
    union all
    select child_no, 'ethnic_code', ethnic_code, bit_or(bit), 1000, min(first_said), count(*)
    from entry where ethnic_code is not null group by child_no, ethnic_code
),
summed as (
    select
        child_no, field, value, (source_set.weight * share + 500) // 1000 as weight, source_set.rank,
        first_said % 1000000000000 as entry_id, entries, source_set.sources
    from gathered
    join source_set using (members)
),
-- Nine values in ten are the only one of their child and field, and needn't be sorted.
contested as (select child_no, field, count(*) as values_known from gathered group by child_no, field having count(*) > 1),
placed as (
    select *, 1 as place, 1 as values_known from summed anti join contested using (child_no, field)
    union all
    select
        summed.*,
        row_number() over (partition by child_no, field order by weight desc, rank, entry_id, value),
        contested.values_known
    from summed
    join contested using (child_no, field)
)
select
    child.child_id, placed.field, placed.value, placed.entry_id, cast(placed.entries as integer) as entries,
    cast(placed.sources as integer) as sources,
    round(1 - exp(-placed.weight / 1000.0), 4) as confidence,
    cast(placed.place as integer) as place,
    placed.place = 1 as is_chosen,
    cast(placed.values_known as integer) as values_known
from placed
join child using (child_no)
