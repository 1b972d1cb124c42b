-- core.child: the master child index. One row a child that has an entry in this period or a fact carried over.
-- A child is carried only by tables that didn't come: whoever is missing from a table that came is missing.
-- reads: core.child_value, core.child_redirect, link.entry_child, std.entry, prior.child, raw.receipt, policy.migrant_rule
-- params: period
-- by: child
with told as (  -- the tables that have entries: each has a bit, so that a set of them is a number
    select
        feed, table_name, feed || '/' || table_name || '@' || $period as known,
        cast(1 as bigint) << cast(row_number() over (order by feed, table_name) - 1 as integer) as bit
    from std.entry
    group by feed, table_name
),
counted as (
    select tied.child_id, cast(count(*) as integer) as entries, bit_or(told.bit) as tables
    from link.entry_child as tied
    join std.entry as entry using (entry_id)
    join told using (feed, table_name)
    where tied.child_id is not null
    group by tied.child_id
),
table_set as (
    select tables, list(known order by known) as known_to
    from (select distinct tables from counted)
    join told on tables & bit <> 0
    group by tables
),
here as (select counted.child_id, counted.entries, table_set.known_to from counted join table_set using (tables)),
chosen as (
    select
        child_id,
        max(value) filter (where field = 'name') as name,
        max(value) filter (where field = 'sex') as sex,
        cast(max(value) filter (where field = 'born_on') as date) as born_on,
        max(value) filter (where field = 'ethnic_code') as ethnic_code,
        max(value) filter (where field = 'citizen_no') as citizen_no,
        max(entry_id) filter (where field = 'name') as name_entry_id,
        max(entry_id) filter (where field = 'sex') as sex_entry_id,
        max(entry_id) filter (where field = 'born_on') as born_on_entry_id,
        max(entry_id) filter (where field = 'ethnic_code') as ethnic_code_entry_id,
        max(entry_id) filter (where field = 'citizen_no') as citizen_no_entry_id,
        max(values_known) filter (where field = 'name') as names_known,
        max(values_known) filter (where field = 'born_on') as born_on_known,
        max(values_known) filter (where field = 'citizen_no') as citizen_no_known,
        max(confidence) filter (where field = 'born_on') as born_on_confidence
    from core.child_value
    where is_chosen
    group by child_id
),
precise as (
    select chosen.child_id, entry.born_precision
    from chosen
    join std.entry as entry on entry.entry_id = chosen.born_on_entry_id
),
gone as (select feed || '/' || table_name as source from raw.receipt where status <> 'landed'),
staying as (
    select max(carried_periods) as carried_periods from policy.migrant_rule where county = '000000'
),
earlier as (
    select coalesce(redirect.to_child_id, child.child_id) as child_id, child.* exclude (child_id)
    from prior.child as child
    left join core.child_redirect as redirect on redirect.child_id = child.child_id
),
still_known as (  -- facts of tables that didn't come, young enough
    select child_id, list_sort(list(distinct known)) as known_to
    from (select child_id, unnest(known_to) as known from earlier)
    where split_part(known, '@', 1) in (select source from gone)
      and cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
        - cast(left(split_part(known, '@', 2), 4) as integer) * 2 - cast(right(known, 1) as integer)
        between 1 and (select carried_periods from staying)
    group by child_id
),
carried as (
    select earlier.*
    from earlier
    join still_known using (child_id)
    anti join here using (child_id)
    qualify row_number() over (partition by child_id order by entries desc, name, born_on) = 1
)
select
    here.child_id, chosen.name, chosen.sex, chosen.born_on,
    case when chosen.born_on is not null then coalesce(precise.born_precision, 'day') end as born_precision,
    chosen.born_on_confidence, chosen.ethnic_code, chosen.citizen_no,
    chosen.name_entry_id, chosen.sex_entry_id, chosen.born_on_entry_id, chosen.ethnic_code_entry_id,
    chosen.citizen_no_entry_id,
    coalesce(chosen.names_known, 0) as names_known, coalesce(chosen.born_on_known, 0) as born_on_known,
    coalesce(chosen.citizen_no_known, 0) as citizen_no_known,
    here.entries,
    case
        when still_known.known_to is null then here.known_to
        else list_sort(list_concat(here.known_to, still_known.known_to))
    end as known_to,
    false as is_carried, $period as period
from here
left join chosen using (child_id)
left join precise using (child_id)
left join still_known using (child_id)
union all
select
    carried.child_id, carried.name, carried.sex, carried.born_on, carried.born_precision, carried.born_on_confidence,
    carried.ethnic_code, carried.citizen_no, null, null, null, null, null,
    carried.names_known, carried.born_on_known, carried.citizen_no_known,
    0, still_known.known_to, true, $period
from carried
join still_known using (child_id)
order by child_id
