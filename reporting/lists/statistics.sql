-- The population of statistical analysis: left the hukou township for six months. One row a child.
select child_id, county, township, hukou_county, across, away_since, rule_id, clause
from care.statistics_population
