-- core.residence: all claims to where a child lives, one of them chosen, with the reason, and since when. One row a claim.
-- The strongest source wins; two weaker that agree outweigh it only where it is older than the period. The chosen row says
-- how far the others bear it out, and residing_since: the earliest day from which claims to that county hold without a
-- break longer than the rule allows (a cancelled registration ends a stay; silence doesn't).
-- reads: core.residence_claim, core.hukou_claim, core.child, core.child_redirect, std.public_security_residence,
--   prior.residence, policy.migrant_rule, policy.school_age_rule
-- params: as_of, period_begins_on
-- by: child
with at_home as (  -- who has its hukou in a county needs no registration there
    select distinct child_id, unnest(codes) as code
    from core.hukou_claim
    where source = 'public_security/hukou' and set_aside is null
),
gone_from as (  -- the last time that a registration in a county was cancelled, and not because the hukou came there
    select child_id, code, max(until_on) as left_on
    from (select child_id, unnest(codes) as code, until_on from core.residence_claim where set_aside = 'cancelled')
    anti join at_home using (child_id, code)
    group by child_id, code
),
judged as (
    select
        claim.*,
        case
            when claim.set_aside is not null then claim.set_aside
            when claim.rank is null then 'unknown_source'
            when claim.seen_on < gone_from.left_on then 'left_since'
            -- an insurance runs on to its year's end wherever the child is: only one taken out since says that it came back
            when claim.source = 'insurance' and claim.codes[1] = gone_from.code
                and coalesce(claim.since_on <= gone_from.left_on, true) then 'left_since'
            when claim.source = 'parent_registration'
                and not coalesce(child.born_on > cast($as_of - to_years(rule.small_child_years) as date), false)
                then 'not_a_small_child'
        end as barred
    from core.residence_claim as claim
    join core.child as child using (child_id)
    left join policy.migrant_rule as rule on rule.county = coalesce(claim.codes[1], '000000')
    left join gone_from on gone_from.child_id = claim.child_id and gone_from.code = claim.codes[1]
),
placed as (  -- choice: the least is the strongest; null for what can't be chosen
    select
        *,
        case
            when barred is null then
                -- one number to choose by: strength, age, the two dates (later first), then the entry
                cast(rank * 10 + carried_periods as hugeint) * 100000000000000000000000
                + cast(coalesce(date '2200-01-01' - seen_on, 999999) as hugeint) * 100000000000000000
                + cast(coalesce(date '2200-01-01' - since_on, 999999) as hugeint) * 100000000000
                + coalesce(entry_id, hash(entry) % 100000000000)
        end as choice
    from judged
),
best as (select child_id, min(choice) as choice from placed group by child_id),
strongest as (select placed.* from placed join best using (child_id, choice)),
outweighing as (  -- two that agree against one older than the period
    select child_id, min(choice) as choice
    from (
        select weaker.child_id, min(weaker.choice) as choice
        from placed as weaker
        join strongest using (child_id)
        where weaker.rank > strongest.rank
          and weaker.choice is not null
          and coalesce(strongest.seen_on < $period_begins_on, true)
          and (strongest.seen_on is null or weaker.seen_on > strongest.seen_on)
          and not list_has_any(weaker.codes, strongest.codes)
        group by weaker.child_id, weaker.codes
        having count(distinct weaker.feed || '/' || weaker.table_name) >= 2
    )
    group by child_id
),
chosen as (
    select strongest.*, false as has_outweighed from strongest anti join outweighing using (child_id)
    union all
    select placed.*, true from placed join outweighing using (child_id, choice)
),
spoken as (  -- one voice a source, for or against the chosen one
    select
        placed.child_id, placed.source, bool_or(list_has_any(placed.codes, chosen.codes)) as agrees,
        max(placed.confidence * power(0.9, placed.carried_periods)) as confidence
    from placed
    join chosen using (child_id)
    where placed.choice is not null
    group by placed.child_id, placed.source
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
),
-- A health, rehabilitation or insurance record, or a list from before, gives the place as last written down, and an insurance may be kept where the
-- child doesn't live. That it was so when the record was opened, or at the last contact, holds only where nothing later
-- says that the child came (a registration, a visit) or was elsewhere.
coming as (  -- is_told: of a day of its own; a registration that names only the day on which it was made is often late
    select
        claim.child_id, claim.since_on,
        coalesce(registered.residence_since <> registered.registered_on, registered.registered_on is null) as is_told
    from core.residence_claim as claim
    join chosen using (child_id)
    left join std.public_security_residence as registered on registered.entry_id = claim.entry_id
    where list_has_any(claim.codes, chosen.codes) and claim.set_aside is null
      and (
        claim.source = 'registration'
        -- a visit that found the child there, and names no earlier day, doesn't say that it came then
        or claim.source in ('visit_this_period', 'earlier_visit') and claim.since_on < claim.seen_on
      )
),
parent as (  -- its parents' own registrations in the chosen county
    select
        claim.child_id, claim.since_on, greatest(claim.since_on, child.born_on) as with_child_on, claim.entry,
        rule.came_together_within_days
    from core.residence_claim as claim
    join chosen using (child_id)
    join core.child as child using (child_id)
    join policy.migrant_rule as rule on rule.county = chosen.codes[1]
    where claim.source = 'parent_registration' and chosen.source <> 'parent_registration'
      and claim.set_aside is null and list_has_any(claim.codes, chosen.codes)
),
-- Who begins at a school in the middle of its year has come from another one. A registration of the child or of a parent
-- at about that time isn't a late one: two departments say when the family came.
changed_school as (
    select claim.child_id, claim.since_on, rule.came_together_within_days
    from core.residence_claim as claim
    join chosen using (child_id)
    join policy.migrant_rule as rule on rule.county = chosen.codes[1]
    join policy.school_age_rule as school on school.county = chosen.codes[1]
    where claim.source = 'enrolment' and claim.set_aside is null and list_has_any(claim.codes, chosen.codes)
      and (month(claim.since_on) - school.begins_in_month + 12) % 12
        between school.mid_year_from_months and school.mid_year_up_to_months
),
arrived as (
    select child_id, since_on, is_told from coming
    union all
    select registered.child_id, registered.since_on, true
    from (
        select child_id, since_on from coming where not is_told
        union all
        select child_id, since_on from parent
    ) as registered
    join changed_school using (child_id)
    where abs(date_diff('day', changed_school.since_on, registered.since_on)) <= came_together_within_days
),
came as (
    select child_id, max(since_on) as came_on, max(since_on) filter (where is_told) as told_on
    from arrived
    group by child_id
),
elsewhere as (
    select claim.child_id, max(greatest(claim.since_on, claim.until_on)) as elsewhere_on
    from core.residence_claim as claim
    join chosen using (child_id)
    where not list_has_any(claim.codes, chosen.codes)
      and claim.source in ('registration', 'visit_this_period', 'earlier_visit', 'enrolment', 'school')
    group by claim.child_id
),
dated as (  -- shown_from: a claim of an earlier day shows nothing; the clinic has seen the child
    select
        claim.*,
        greatest(
            case when claim.source = 'health' then came.told_on else came.came_on end,
            elsewhere.elsewhere_on
        ) as shown_from
    from core.residence_claim as claim
    left join came using (child_id)
    left join elsewhere using (child_id)
),
stay as (  -- times for which something shows the child in the chosen county
    select
        claim.child_id,
        case
            when claim.source not in ('health', 'rehabilitation', 'insurance', 'existing_list')
                then coalesce(claim.since_on, claim.seen_on)
            when coalesce(claim.since_on >= claim.shown_from, true) then coalesce(claim.since_on, claim.seen_on)
            -- an insurance is no contact: it has no day of its own but its first
            when claim.source <> 'insurance' and claim.seen_on >= claim.shown_from then claim.seen_on
        end as begins_on,
        case
            when claim.set_aside = 'cancelled' then claim.until_on
            when claim.set_aside is not null then coalesce(claim.since_on, claim.seen_on)
            else $as_of
        end as ends_on,
        claim.source as shown_by, claim.entry as shown_by_entry
    from dated as claim
    join chosen using (child_id)
    where list_has_any(claim.codes, chosen.codes)
      and (claim.since_on is not null or claim.seen_on < $as_of)
      -- a parent may go ahead: its stay is the child's only where nothing else tells of the child (but with_parent below)
      and (claim.source <> 'parent_registration' or chosen.source = 'parent_registration')
    union all
    select coalesce(redirect.to_child_id, earlier.child_id), earlier.residing_since, $as_of, 'earlier_period', earlier.entry
    from prior.residence as earlier
    left join core.child_redirect as redirect on redirect.child_id = earlier.child_id
    join chosen on chosen.child_id = coalesce(redirect.to_child_id, earlier.child_id)
    where earlier.is_chosen and earlier.residing_since is not null and list_has_any(earlier.codes, chosen.codes)
),
-- Who leaves the county of its hukou does so 随父母: a parent registered here shortly before anything tells of the child came
-- with it, or was here when it was born. Until then only: the child's own stay may end while the parent's goes on.
with_parent as (
    select parent.child_id, parent.with_child_on, shown.begins_on, 'parent_registration', parent.entry
    from parent
    join (
        select child_id, min(begins_on) as begins_on from stay where shown_by <> 'earlier_period' group by child_id
    ) as shown using (child_id)
    left join came using (child_id)
    left join elsewhere using (child_id)
    where parent.with_child_on < shown.begins_on
      and parent.with_child_on >= shown.begins_on - parent.came_together_within_days
      and coalesce(parent.with_child_on >= greatest(came.told_on, elsewhere.elsewhere_on), true)
),
-- An enrolment names the month only. The day in that month on which a registration, or a family that a visit asked, says
-- that the child came is the day, else that of a parent's own registration; a period before may have taken the first of the
-- month from the enrolment.
came_in as (
    select
        child_id, date_trunc('month', since_on) as month,
        coalesce(min(since_on) filter (where not is_parent), min(since_on)) as came_on
    from (
        select child_id, since_on, false as is_parent from coming
        union all
        select child_id, since_on, true from parent
    )
    group by child_id, month
),
to_the_day as (
    select
        stay.* replace (
            case
                when stay.shown_by in ('enrolment', 'enrolment_interrupted', 'school', 'earlier_period')
                    and day(stay.begins_on) = 1
                    then coalesce(came_in.came_on, stay.begins_on)
                else stay.begins_on
            end as begins_on
        )
    from (select * from stay union all select * from with_parent) as stay
    left join came_in on came_in.child_id = stay.child_id and came_in.month = date_trunc('month', stay.begins_on)
),
-- Only who has a stay that ended can have a break; the others needn't be sorted.
interrupted as (select distinct child_id from to_the_day where ends_on < $as_of),
ruled as (
    select stay.*, child.born_on, rule.breaks_up_to_days, rule.born_there_within_days
    from to_the_day as stay
    join chosen using (child_id)
    join core.child as child using (child_id)
    join policy.migrant_rule as rule on rule.county = chosen.codes[1]
    where stay.begins_on is not null
),
covered as (
    select
        ruled.*,
        max(ends_on) over (
            partition by child_id order by begins_on, ends_on, shown_by_entry, shown_by
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from ruled
    semi join interrupted using (child_id)
),
counted as (
    select
        *,
        count(*) filter (where begins_on > covered_until + breaks_up_to_days) over (
            partition by child_id order by begins_on desc, ends_on desc, shown_by_entry desc, shown_by desc
            rows between unbounded preceding and 1 preceding
        ) as breaks_after
    from covered
),
unbroken as (
    select * exclude (covered_until, breaks_after) from counted where breaks_after = 0
    union all
    select ruled.* from ruled anti join interrupted using (child_id)
),
since as (
    select
        child_id,
        case
            when min(begins_on) <= max(born_on) + max(born_there_within_days) then max(born_on)
            else min(begins_on)
        end as residing_since,
        case
            when min(begins_on) <= max(born_on) + max(born_there_within_days) then 'birth'
            else arg_min(shown_by, struct_pack(begins_on := begins_on, entry := shown_by_entry, source := shown_by))
        end as since_shown_by,
        arg_min(shown_by_entry, struct_pack(begins_on := begins_on, entry := shown_by_entry, source := shown_by))
            as since_entry
    from unbroken
    group by child_id
)
select
    placed.child_id, placed.source, placed.feed, placed.table_name, placed.entry_id, placed.entry,
    placed.codes, placed.county, placed.level, placed.prefecture, placed.province, placed.township, placed.fault,
    placed.since_on, placed.until_on, placed.seen_on, placed.set_aside, placed.is_boarder, placed.living_with,
    placed.from_period, placed.carried_periods, placed.rank,
    placed.barred is null as is_eligible,
    chosen.child_id is not null as is_chosen,
    case
        when placed.barred is not null then placed.barred
        when chosen.child_id is null then 'weaker'
        when chosen.has_outweighed then 'two_newer_agree'
        when borne_out.agreeing + borne_out.disagreeing = 1 then 'only_source'
        else 'strongest_source'
    end as reason,
    case when chosen.child_id is not null then borne_out.agreeing end as agreeing,
    case when chosen.child_id is not null then borne_out.disagreeing end as disagreeing,
    case
        when chosen.child_id is not null
        then round(borne_out.confidence * case when len(placed.codes) > 1 then 0.8 else 1.0 end, 4)
    end as confidence,
    case when chosen.child_id is not null then since.residing_since end as residing_since,
    case when chosen.child_id is not null then since.since_shown_by end as since_shown_by,
    case when chosen.child_id is not null then since.since_entry end as since_entry
from placed
left join chosen on chosen.child_id = placed.child_id and chosen.choice = placed.choice
left join borne_out on borne_out.child_id = placed.child_id
left join since on since.child_id = placed.child_id
