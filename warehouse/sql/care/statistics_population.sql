-- care.statistics_population: children for the statistics (统计分析对象): away from the township of the hukou for the rule's
-- months. One row a child. Another population than care.migrant_status counts (cross-county): never added to it.
-- Away by a code alone is nobody: of places of which a part was transferred nothing is concluded.
-- Within a county both townships must be known; since when is what claims to that very township show.
-- reads: care.child, core.residence, care.migrant_status, policy.statistics_population_rule
-- params: as_of, period
-- by: child
with in_township as (
    select claim.child_id, min(claim.since_on) as since_on, arg_min(claim.entry, struct_pack(since_on := claim.since_on, entry := claim.entry)) as entry
    from core.residence as claim
    join care.child as child on child.child_id = claim.child_id and child.residence_township = claim.township
    where claim.is_eligible and claim.since_on is not null
    group by claim.child_id
),
away as (
    select
        child.*, status.residing_since, status.since_entry, in_township.since_on, in_township.entry,
        case
            when list_contains(status.reasons, 'partial_transfer') then null
            when not list_has_any(child.hukou_codes, child.residence_codes) then 'county'
            when child.hukou_township <> child.residence_township then 'township'
        end as across
    from care.child as child
    join care.migrant_status as status using (child_id)
    left join in_township using (child_id)
    where child.is_here
),
dated as (
    select
        *, case across when 'county' then residing_since else since_on end as away_since,
        case across when 'county' then since_entry else entry end as evidence
    from away
    where across is not null
)
select
    dated.child_id, $period as period, dated.across, dated.away_since, dated.hukou_county, dated.hukou_township,
    dated.residence_county as county, dated.residence_township as township, dated.evidence, rule.rule_id, rule.clause
from dated
join policy.statistics_population_rule as rule on rule.county = coalesce(dated.residence_codes[1], '000000')
where dated.away_since <= cast(
        $as_of - to_months(rule.away_at_least_months) - to_days(case when rule.boundary_included then 0 else 1 end) as date
    )
  and not coalesce(cast(dated.born_at_latest + to_years(rule.younger_than_years) as date) <= $as_of, false)
order by dated.child_id
