-- care.key_care: the ledger of children for key care (重点关爱). One row a child and category.
-- What feeds tell proposes a child that lives here and is a migrant child, by the categories of the residence county's rule;
-- who asks for help needn't be one: another township than the hukou's is enough. People open, review and close (prior.ledger_act);
-- their acts hold over periods and follow a merged child. Closed, an entry is proposed anew only by what happened after the
-- day of closing, or was first told in a later period than the act's.
-- reads: care.child, care.migrant_status, care.not_enrolled, core.circumstance, core.child_redirect, prior.ledger_act,
--   policy.key_care_rule, policy.care_trigger
-- params: as_of, period
-- by: child
with asked as (  -- how far from the hukou: null where it is known to be the same township
    select
        child.child_id,
        case
            when list_contains(status.reasons, 'partial_transfer') then 'unknown'
            when not list_has_any(child.hukou_codes, child.residence_codes) then 'county'
            when child.hukou_township <> child.residence_township then 'township'
            when child.hukou_codes is null or child.hukou_township is null or child.residence_township is null
                then 'unknown'
        end as across
    from care.child as child
    join care.migrant_status as status using (child_id)
),
told as (  -- beside the feeds' own words, what follows from them; it has no day of its own, and closed it stays closed
    select child_id, circumstance, evidence_on, first_period, entry, feed || '/' || table_name as source, contradicted_by
    from core.circumstance
    where holds
    union all
    select child_id, 'status/unaccompanied', null, null, company_entry, array_to_string(split(company_entry, '/')[:2], '/'), null
    from care.migrant_status
    where status = 'unaccompanied' and company_entry is not null
    union all
    select child_id, 'roll/left', null, null, evidence, array_to_string(split(evidence, '/')[:2], '/'), null
    from care.not_enrolled
    where why in ('transferred_out', 'graduated')  -- never seen at all is an event to look into
),
proposed as (
    select
        child.child_id, trigger.category,
        max(told.evidence_on) as evidence_on, max(told.first_period) as first_period,
        arg_max(
            told.entry, struct_pack(told_on := coalesce(told.evidence_on, date '0001-01-01'), entry := told.entry)
        ) as evidence,
        arg_max(
            told.source, struct_pack(told_on := coalesce(told.evidence_on, date '0001-01-01'), entry := told.entry)
        ) as source,
        list_sort(list_distinct(list(told.circumstance))) as circumstances,
        max(told.contradicted_by) as contradicted_by
    from care.child as child
    join told using (child_id)
    join policy.key_care_rule as rule on rule.county = coalesce(child.residence_codes[1], '000000')
    join policy.care_trigger as trigger
        on trigger.rule_id = rule.categories_of and trigger.section = 'key_care' and trigger.trigger = told.circumstance
    join asked using (child_id)
    where child.is_here
      and (
          list_contains(rule.statuses, child.status)
          or trigger.category = 'asked_for_help' and rule.asking_across_townships and asked.across is not null
              and child.status <> 'out_of_age'
      )
    group by child.child_id, trigger.category
),
act as (  -- stint: how often the entry had been closed before
    select
        *,
        count(*) filter (where act = 'close') over (
            partition by child_id, category order by act_id rows between unbounded preceding and 1 preceding
        ) as stint
    from (
        select coalesce(redirect.to_child_id, ledger.child_id) as child_id, ledger.* exclude (child_id)
        from prior.ledger_act as ledger
        left join core.child_redirect as redirect on redirect.child_id = ledger.child_id
    )
),
kept as (
    select
        child_id, category, arg_max(act, act_id) as last_act, arg_max(acted_on, act_id) as last_acted_on,
        arg_max(period, act_id) as last_period, arg_max('ledger_act/' || act_id, act_id) as last_entry,
        min(acted_on) filter (where act = 'open' and stint = last_stint) as opened_on,
        arg_max(acted_on, act_id) filter (where act = 'close') as closed_on,
        arg_max(reason, act_id) filter (where act = 'close') as close_reason
    from (select *, max(stint) over (partition by child_id, category) as last_stint from act)
    group by child_id, category
),
stated as (
    select
        coalesce(proposed.child_id, kept.child_id) as child_id, coalesce(proposed.category, kept.category) as category,
        case
            when kept.last_act is null then 'proposed'
            when kept.last_act = 'open' then 'open'
            when kept.last_act = 'review' then 'under_review'
            when proposed.evidence_on > kept.closed_on or proposed.first_period > kept.last_period then 'proposed'
            else 'closed'
        end as state,
        proposed.* exclude (child_id, category), kept.* exclude (child_id, category)
    from proposed
    full join kept using (child_id, category)
)
select
    stated.child_id, $period as period, stated.category, stated.state,
    case when stated.state in ('open', 'under_review', 'closed') then stated.opened_on end as opened_on,
    coalesce(stated.evidence, stated.last_entry) as evidence, coalesce(stated.source, 'ledger') as source,
    stated.evidence_on, stated.circumstances, stated.contradicted_by,
    case
        when stated.state in ('open', 'under_review')
        then cast(stated.last_acted_on + to_months(rule.review_every_months) as date)
    end as review_due_on,
    stated.closed_on, stated.close_reason, asked.across, child.status as migrant_status,
    child.residence_county as county, child.residence_township as township, rule.rule_id, rule.clause
from stated
left join care.child as child using (child_id)
left join asked using (child_id)
join policy.key_care_rule as rule on rule.county = coalesce(child.residence_codes[1], '000000')
order by stated.child_id, stated.category
