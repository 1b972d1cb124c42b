-- core.hukou_claim: what each entry says of a child's hukou. One row an entry whose table has a column for it, and one where
-- the police know the hukou of all of its parents whose numbers are known, and that in one county.
-- The citizen number's first digits are no claim. Rows without codes name no county: kept, never chosen.
-- reads: std.entry, std.place, std.public_security_hukou, std.health_child_health, std.civil_affairs_field_visit,
--   std.disabled_federation_rehabilitation, std.civil_affairs_existing_list, link.entry_child, core.child_redirect,
--   core.guardian, prior.hukou, raw.receipt, policy.county,
--   policy.evidence_source, policy.migrant_rule
-- params: as_of, period
-- by: child
with mine as (
    select
        tied.child_id, entry.entry_id, entry.feed, entry.table_name, entry.feed || '/' || entry.table_name as source,
        entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry,
        place.codes, place.county, place.level, place.prefecture, place.province, place.township, place.fault
    from link.entry_child as tied
    join std.entry as entry using (entry_id)
    join std.place as place on place.entry_id = entry.entry_id and place.kind = 'hukou'
    where tied.child_id is not null
),
dated as (
    select
        mine.*,
        register.moved_in_on as since_on,
        case
            when health.entry_id is not null then coalesce(health.last_seen_on, health.recorded_on)
            when visit.entry_id is not null then visit.visited_on
            when rehabilitation.entry_id is not null then rehabilitation.applied_on
            when listed.entry_id is not null then listed.listed_on
            else $as_of
        end as seen_on,
        case
            when mine.codes is null then 'no_county'
            when register.cancellation = 'cancelled' then 'cancelled'
        end as set_aside
    from mine
    left join std.public_security_hukou as register using (entry_id)
    left join std.health_child_health as health using (entry_id)
    left join std.civil_affairs_field_visit as visit using (entry_id)
    left join std.disabled_federation_rehabilitation as rehabilitation using (entry_id)
    left join std.civil_affairs_existing_list as listed using (entry_id)
),
by_parents as (  -- a child's hukou goes with its parents'
    select
        known.child_id, case when known.parents = 1 then 'one_parent' else 'parents' end as source, entry.feed, entry.table_name, entry.entry_id,
        entry.feed || '/' || entry.table_name || '/' || entry.file || ':' || entry.row_no as entry,
        [known.county] as codes, known.county, 'county' as level, place.prefecture, place.province,
        cast(null as varchar) as township, cast(null as varchar) as fault, cast(null as date) as since_on,
        $as_of as seen_on, cast(null as varchar) as set_aside
    from (
        select child_id, count(*) as parents, min(hukou_county) as county, min(hukou_entry_id) as entry_id
        from core.guardian
        where relation in ('father', 'mother') and citizen_no is not null
        group by child_id
        having count(distinct coalesce(hukou_county, 'unknown')) = 1
    ) as known
    join std.entry as entry using (entry_id)
    left join policy.county as place on place.code = known.county
),
gone as (select feed, table_name from raw.receipt where status <> 'landed'),
staying as (select carried_periods from policy.migrant_rule where county = '000000'),
carried as (
    select
        coalesce(redirect.to_child_id, earlier.child_id) as child_id, earlier.* exclude (child_id),
        cast(left($period, 4) as integer) * 2 + cast(right($period, 1) as integer)
            - cast(left(from_period, 4) as integer) * 2 - cast(right(from_period, 1) as integer) as age
    from prior.hukou as earlier
    join gone using (feed, table_name)
    left join core.child_redirect as redirect on redirect.child_id = earlier.child_id
),
claim as (
    select
        child_id, source, feed, table_name, entry_id, entry, codes, county, level, prefecture, province, township,
        fault, since_on, seen_on, set_aside, $period as from_period, 0 as carried_periods
    from (select * from dated union all by name select * from by_parents)
    union all
    select
        child_id, source, feed, table_name, null, entry, codes, county, level, prefecture, province, township,
        fault, since_on, seen_on, set_aside, from_period, age
    from carried
    where age between 1 and (select max(carried_periods) from staying)
)
select claim.*, evidence.rank, evidence.confidence
from claim
left join policy.evidence_source as evidence on evidence.kind = 'hukou' and evidence.source = claim.source
