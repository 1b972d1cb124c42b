-- The rules by which the jurisdiction's children were judged, with the words they rest on. One row a rule.
select distinct
    rule.rule_id, rule.jurisdiction, rule.document, rule.article, rule.as_told_in, rule.words, rule.younger_than_years,
    rule.away_at_least_months
from mart.county as county
join mart.rule as rule on rule.period = county.period and rule.rule_id = county.rule_id
where county.period = $period and $jurisdiction in ('000000', county.code, county.prefecture, county.province)
order by rule.rule_id
