-- mart.rule: the rules under which the period's statuses came about, with the words they rest on. One row a rule in force.
-- reads: policy.migrant_rule, policy.clause
-- params: period
select distinct
    $period as period, rule.rule_id, rule.jurisdiction, rule.clause, clause.document, clause.article, clause.as_told_in,
    clause.words, rule.younger_than_years, rule.away_at_least_months, rule.boundary_included, rule.breaks_up_to_days,
    rule.born_there_within_days, rule.carried_periods, rule.transfers_in_doubt_years, rule.small_child_years,
    rule.came_together_within_days
from policy.migrant_rule as rule
join policy.clause as clause using (clause)
order by rule.rule_id
