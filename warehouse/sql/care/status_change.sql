-- care.status_change: what became of the migrant children of the period before, and whence those of this one came. One row
-- a child that is a migrant child now, was one then, or both; an id merged into another has a row of its own.
-- The first cause that explains the difference is told: came of age, ids joined or parted, feeds, places, time, rule, facts.
-- reads: care.migrant_status, core.child, core.child_event, core.child_redirect, link.entry_child,
--   prior.migrant_status, prior.child, prior.rule, prior.child_event
-- params: as_of, period
with earlier as (
    select
        earlier.*, earlier.child_id as earlier_child_id, coalesce(redirect.to_child_id, earlier.child_id) as now_id,
        child.born_on,
        row_number() over (
            partition by coalesce(redirect.to_child_id, earlier.child_id)
            order by redirect.to_child_id is not null, earlier.child_id
        ) as place  -- 1: the one that goes on; the others were merged into it
    from prior.migrant_status as earlier
    left join core.child_redirect as redirect using (child_id)
    left join prior.child as child using (child_id)
),
told as (  -- in this period: by this build, or by an earlier one of it, whose merges and splits this one finds done
    select child_id, other_child_id, event from core.child_event
    union
    select child_id, other_child_id, event from prior.child_event where period = $period
),
regrouped as (  -- children whose ids were joined or parted in this period, and if a steward's word holds one of their links
    select ids.child_id, coalesce(bool_or(tied.how = 'steward'), false) as by_steward
    from (
        select unnest([child_id, other_child_id]) as child_id
        from told where event in ('merge', 'split') and other_child_id is not null
    ) as ids
    left join link.entry_child as tied using (child_id)
    group by ids.child_id
),
compared as (
    select
        coalesce(status.child_id, earlier.now_id) as child_id, earlier.earlier_child_id,
        earlier.period as earlier_period, earlier.status as earlier_status, status.status,
        earlier.residence_codes[1] as earlier_county, status.residence_codes[1] as county,
        earlier.hukou_codes as earlier_hukou, status.hukou_codes as hukou,
        earlier.residence_codes as earlier_residence, status.residence_codes as residence,
        earlier.residing_since as earlier_since, status.residing_since as since,
        earlier.accompanied as earlier_company, status.accompanied as company,
        earlier.born_on as earlier_born_on, child.born_on,
        earlier.rule_id as earlier_rule, status.rule_id as rule,
        coalesce(earlier.place, 1) > 1 as is_absorbed
    from (select * from earlier where place = 1) as earlier
    full join care.migrant_status as status on status.child_id = earlier.now_id
    left join core.child as child on child.child_id = status.child_id
    where earlier.status = 'migrant' or status.status = 'migrant'
    union all by name
    select
        now_id as child_id, earlier_child_id, period as earlier_period, status as earlier_status,
        residence_codes[1] as earlier_county, rule_id as earlier_rule, true as is_absorbed
    from earlier
    where place > 1 and status = 'migrant'
),
ruled as (  -- how long a stay the rule asked for then and asks for now
    select
        compared.*, then_rule.away_at_least_months as earlier_months,
        then_rule.boundary_included as earlier_included,
        then_rule.younger_than_years as earlier_years,
        regrouped.child_id is not null or is_absorbed as is_regrouped,
        coalesce(regrouped.by_steward, false) as by_steward,
        hukou is not distinct from earlier_hukou and residence is not distinct from earlier_residence
            and since is not distinct from earlier_since and born_on is not distinct from earlier_born_on
            and company is not distinct from earlier_company as facts_stand
    from compared
    left join regrouped using (child_id)
    left join prior.rule as then_rule on then_rule.rule_id = compared.earlier_rule
),
directed as (
    select
        *,
        case
            when status is distinct from 'migrant' then 'out'
            when earlier_status is distinct from 'migrant' then 'in'
            when county is distinct from earlier_county then 'moved'
            else 'stayed'
        end as direction
    from ruled
),
explained as (
    select
        *,
        case
            when direction = 'stayed' then 'stayed'
            when status = 'out_of_age' and born_on is not distinct from earlier_born_on
                and cast(born_on + to_years(coalesce(earlier_years, 16)) as date) <= $as_of then 'turned_of_age'
            when is_absorbed then 'merged_into_another'
            when is_regrouped then 'ids_regrouped'
            when earlier_status is null then 'first_known'
            when status is null then 'no_longer_known'
            when earlier_residence is not null and residence is not null
                and not list_has_any(earlier_residence, residence) then 'residence_moved'
            when earlier_hukou is not null and hukou is not null
                and not list_has_any(earlier_hukou, hukou) then 'hukou_moved'
            when (earlier_residence is null) <> (residence is null) or (earlier_hukou is null) <> (hukou is null)
                then 'place_told_or_untold'
            when direction = 'in' and earlier_status = 'under_six_months'
                and since is not distinct from earlier_since
                and since <= cast(
                    $as_of - to_months(earlier_months) - to_days(case when earlier_included then 0 else 1 end) as date
                ) then 'months_completed'
            when facts_stand then 'rule_changed'
            else 'facts_corrected'
        end as detail
    from directed
)
select
    child_id, coalesce(earlier_child_id, child_id) as earlier_child_id, $period as period, earlier_period, direction,
    case
        when detail = 'turned_of_age' then 'came_of_age'
        when detail in ('merged_into_another', 'ids_regrouped') then case when by_steward then 'steward' else 'linkage' end
        when detail in ('first_known', 'no_longer_known', 'place_told_or_untold') then 'feed'
        when detail in ('residence_moved', 'hukou_moved') then 'moved'
        when detail = 'months_completed' then 'time'
        when detail = 'rule_changed' then 'rule'
        when detail = 'facts_corrected' then 'corrected'
        else 'stayed'
    end as cause,
    detail, earlier_status, status, earlier_county, county
from explained
order by child_id, earlier_child_id
