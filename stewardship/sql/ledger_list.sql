-- ledger_list: entries of the ledger of key care, as the run left them and as people acted since. One row an entry.
-- reads   care.key_care, care.child, care.migrant_status, core.child, policy.key_care_rule
-- params  counties; of_no_county: whether a child of no known county is shown, and what was opened here of one who lives elsewhere; today;
--         acted_child, acted_category, acted, acted_on: the last act since the run on each entry that has one
create or replace temp table listed as
with newer as (
    select
        unnest($acted_child::varchar[]) as child_id, unnest($acted_category::varchar[]) as category,
        unnest($acted::varchar[]) as act, unnest($acted_on::date[]) as acted_on
),
rule as (select rule_id, any_value(review_every_months) as months from policy.key_care_rule group by rule_id),
entry as (
    select
        child_id, category, newer.act is not null as is_newer,
        case newer.act when 'open' then 'open' when 'review' then 'under_review' when 'close' then 'closed' else ledger.state end
            as state,
        case when newer.act = 'open' and ledger.state is distinct from 'under_review' then newer.acted_on else ledger.opened_on end
            as opened_on,
        case
            when newer.act = 'close' then null
            when newer.act is not null then cast(newer.acted_on + to_months(rule.months) as date)
            else ledger.review_due_on
        end as review_due_on,
        ledger.evidence_on, ledger.contradicted_by is not null as is_contradicted,
        case when newer.act = 'close' then newer.acted_on else ledger.closed_on end as closed_on
    from care.key_care as ledger
    full join newer using (child_id, category)
    left join rule on rule.rule_id = ledger.rule_id
)
select
    entry.*, entry.review_due_on < $today and entry.state in ('open', 'under_review') as is_late,
    $today - entry.review_due_on as days, child.name, child.sex, about.age_years,
    about.residence_county as county, about.residence_township as township
from entry
join care.migrant_status as status using (child_id)
join core.child as child using (child_id)
left join care.child as about using (child_id)
where list_has_any(coalesce(status.residence_codes, status.hukou_codes, []), $counties::varchar[])
   or $of_no_county
   and (
       len(coalesce(status.residence_codes, status.hukou_codes, [])) = 0 or entry.state in ('open', 'under_review') or entry.is_newer
   )
