-- care.migrant_status: whether a child is a migrant child (流动儿童) on the reference date, and why. One row a child.
-- The tests are asked in this order and the first that answers gives the status: out_of_age, undetermined, not_migrant,
-- excluded_city_centre, under_six_months, unaccompanied, migrant. Away is only who is away by every code of both places.
-- reads: core.child, core.hukou, core.residence, core.guardian, policy.migrant_rule, policy.central_pair, policy.transfer
-- params: as_of, period
-- by: child
with hukou as (select * from core.hukou where is_chosen),
residence as (select * from core.residence where is_chosen),
known as (  -- what is known of a place short of its county
    select
        child_id,
        max(level) filter (where level in ('prefecture', 'province')) as level
    from core.hukou
    group by child_id
),
visited as (  -- who a field visit found with the child; the latest visit that says
    select child_id, living_with, entry
    from core.residence
    where living_with is not null and coalesce(seen_on <= $as_of, true)
    qualify row_number() over (partition by child_id order by seen_on desc nulls last, entry) = 1
),
boarding as (
    select child_id, bool_or(is_boarder) as is_boarder, min(entry) filter (where is_boarder) as entry
    from core.residence
    where source = 'enrolment' and is_boarder is not null
    group by child_id
),
guarded as (  -- guardians that registered where they live: with the child, or elsewhere
    select
        guardian.child_id,
        count(*) filter (where list_has_any(guardian.residence_codes, residence.codes)) as here,
        count(*) filter (
            where list_has_any(guardian.residence_codes, residence.codes) and guardian.relation in ('father', 'mother')
        ) as parents_here,
        count(*) filter (where not list_has_any(guardian.residence_codes, residence.codes)) as elsewhere,
        count(*) filter (where guardian.residence_codes is null) as unregistered
    from core.guardian as guardian
    join residence using (child_id)
    group by guardian.child_id
),
facts as (
    select
        child.child_id, child.born_on, child.born_on_known, child.born_on_confidence,
        case child.born_precision  -- the last day that it can be
            when 'month' then cast(date_trunc('month', child.born_on) + to_months(1) - to_days(1) as date)
            when 'year' then cast(date_trunc('year', child.born_on) + to_years(1) - to_days(1) as date)
            else child.born_on
        end as born_at_latest,
        hukou.codes as hukou_codes, residence.codes as residence_codes,
        residence.residing_since, residence.since_shown_by, residence.since_entry,
        hukou.entry as hukou_entry, residence.entry as residence_entry,
        hukou.confidence as hukou_confidence, residence.confidence as residence_confidence,
        hukou.disagreeing as hukou_disagreeing, residence.disagreeing as residence_disagreeing,
        hukou.carried_periods as hukou_carried, residence.carried_periods as residence_carried,
        residence.source as residence_source, hukou.source as hukou_source,
        known.level as hukou_level,
        list_sort(list_distinct([child.born_on_entry_id, hukou.entry_id, residence.entry_id])) as evidence,
        coalesce(rule.rule_id, nation.rule_id) as rule_id,
        coalesce(rule.jurisdiction, nation.jurisdiction) as jurisdiction,
        coalesce(rule.has_own_file, false) as has_own_file,
        coalesce(rule.clause, nation.clause) as clause,
        coalesce(rule.younger_than_years, nation.younger_than_years) as younger_than_years,
        least(
            coalesce(rule.transfers_in_doubt_years, nation.transfers_in_doubt_years),
            -- the police change the codes of a territory within the year
            case when hukou.feed = 'public_security' and residence.feed = 'public_security' then 1 end
        ) as transfers_in_doubt_years,
        cast(
            $as_of - to_months(coalesce(rule.away_at_least_months, nation.away_at_least_months))
            - to_days(case when coalesce(rule.boundary_included, nation.boundary_included) then 0 else 1 end)
            as date
        ) as since_at_latest,
        case visited.living_with
            when 'both_parents' then 'both_parents'
            when 'father' then 'one_parent'
            when 'mother' then 'one_parent'
            when 'grandparents' then 'other_guardian'
            when 'other' then 'other_guardian'
            when 'nobody' then 'nobody'
            else case
                when guarded.parents_here >= 2 then 'both_parents'
                when guarded.parents_here = 1 then 'one_parent'
                when guarded.here > 0 then 'other_guardian'
                when boarding.is_boarder and guarded.elsewhere > 0 and guarded.unregistered = 0 then 'nobody'
                else 'unknown'
            end
        end as accompanied,
        case
            when visited.living_with is not null then visited.entry
            when guarded.here > 0 then null
            when boarding.is_boarder and guarded.elsewhere > 0 and guarded.unregistered = 0 then boarding.entry
        end as company_entry
    from core.child as child
    left join hukou using (child_id)
    left join residence using (child_id)
    left join known using (child_id)
    left join visited using (child_id)
    left join boarding using (child_id)
    left join guarded using (child_id)
    left join policy.migrant_rule as rule on rule.county = residence.codes[1]
    cross join (select * from policy.migrant_rule where county = '000000') as nation
),
-- the few pairs of places that occur, each judged once
place_pair as (
    select distinct hukou_codes, residence_codes, transfers_in_doubt_years
    from facts
    where hukou_codes is not null and residence_codes is not null
),
code_pair as (
    select hukou_codes, residence_codes, transfers_in_doubt_years, hukou_code, unnest(residence_codes) as residence_code
    from (select *, unnest(hukou_codes) as hukou_code from place_pair)
),
central as (
    select distinct code_pair.hukou_codes, code_pair.residence_codes, code_pair.transfers_in_doubt_years
    from code_pair
    join policy.central_pair as pair
        on pair.residence_county = code_pair.residence_code and pair.hukou_county = code_pair.hukou_code
),
exchanged as (select from_code, to_code, year from policy.transfer union select to_code, from_code, year from policy.transfer),
doubtful as (
    select distinct code_pair.hukou_codes, code_pair.residence_codes, code_pair.transfers_in_doubt_years
    from code_pair
    join exchanged on exchanged.from_code = code_pair.hukou_code and exchanged.to_code = code_pair.residence_code
    where exchanged.year > year($as_of) - code_pair.transfers_in_doubt_years and exchanged.year <= year($as_of)
),
compared as (
    select
        place_pair.*,
        list_has_any(hukou_codes, residence_codes) as is_same_county,
        len(hukou_codes) > 1 or len(residence_codes) > 1 as is_split,
        doubtful.hukou_codes is not null as is_partial_transfer,
        central.hukou_codes is not null as is_central_pair
    from place_pair
    left join central using (hukou_codes, residence_codes, transfers_in_doubt_years)
    left join doubtful using (hukou_codes, residence_codes, transfers_in_doubt_years)
),
tested as (
    select
        facts.*, compared.is_same_county, compared.is_split, compared.is_partial_transfer,
        cast(born_at_latest + to_years(younger_than_years) as date) <= $as_of as is_out_of_age,
        case
            when cast(born_at_latest + to_years(younger_than_years) as date) <= $as_of then 'out_of_age'
            when facts.hukou_codes is null or facts.residence_codes is null then 'undetermined'
            when compared.is_same_county or compared.is_partial_transfer then 'not_migrant'
            when compared.is_central_pair then 'excluded_city_centre'
            when residing_since is null then 'undetermined'
            when residing_since > since_at_latest then 'under_six_months'
            when accompanied = 'nobody' then 'unaccompanied'
            else 'migrant'
        end as status
    from facts
    left join compared
        on compared.hukou_codes = facts.hukou_codes and compared.residence_codes = facts.residence_codes
        and compared.transfers_in_doubt_years = facts.transfers_in_doubt_years
)
select
    child_id, $period as period, status, rule_id, jurisdiction, clause,
    list_filter(
        [
            -- what decided
            case status
                when 'out_of_age' then 'age_reached'
                when 'not_migrant' then
                    case
                        when not is_same_county then 'partial_transfer'
                        when is_split then 'split_county'
                        else 'same_county'
                    end
                when 'excluded_city_centre' then 'central_districts'
                when 'under_six_months' then 'since_too_late'
                when 'unaccompanied' then 'nobody_with_child'
                when 'migrant' then 'away_long_enough'
            end,
            case when status = 'undetermined' and hukou_codes is null then 'no_hukou' end,
            case when status = 'undetermined' and residence_codes is null then 'no_residence' end,
            case
                when status = 'undetermined' and hukou_codes is not null and residence_codes is not null
                then 'since_unknown'
            end,
            -- what to know beside it
            case when status = 'undetermined' and hukou_codes is null then 'hukou_known_to_' || hukou_level end,
            case when born_on is null then 'birth_date_unknown' end,
            case when born_on_known > 1 then 'birth_dates_disagree' end,
            case when hukou_disagreeing > 0 then 'hukou_disagree' end,
            case when residence_disagreeing > 0 then 'residence_disagree' end,
            case when hukou_carried > 0 then 'hukou_carried_' || hukou_carried end,
            case when residence_carried > 0 then 'residence_carried_' || residence_carried end,
            case when residence_source in ('insurance', 'school', 'parent_registration', 'enrolment_interrupted')
                then 'residence_by_' || residence_source
            end,
            case when status in ('migrant', 'under_six_months', 'unaccompanied') then 'since_by_' || since_shown_by end,
            case when status in ('migrant', 'unaccompanied') then 'accompanied_' || accompanied end,
            case when residence_codes is not null and not has_own_file then 'rule_of_' || jurisdiction end
        ],
        lambda reason: reason is not null
    ) as reasons,
    hukou_codes, residence_codes, residing_since,
    round(
        case status
            when 'undetermined' then 0.0
            when 'out_of_age' then coalesce(born_on_confidence, 0.5)
            else hukou_confidence * residence_confidence
                * case when born_on is null then 0.8 else 1.0 end
                * case
                    when status not in ('migrant', 'under_six_months', 'unaccompanied') then 1.0
                    when abs(residing_since - since_at_latest) <= 31 then 0.8
                    when since_shown_by in ('registration', 'visit_this_period', 'earlier_visit', 'birth', 'earlier_period')
                        then 0.98
                    else 0.95
                end
        end,
        4
    ) as confidence,
    accompanied, hukou_entry, residence_entry, since_shown_by, since_entry, company_entry, evidence
from tested
order by child_id
