-- care.village_load: left-behind and distressed children a village: more than 30 need one more child director. One row a
-- village; where no village is known, a township or a county, whose level isn't judged.
-- reads: care.child, care.left_behind, care.distressed, policy.villages_rule
-- params: period
with listed as (
    select child_id, true as is_left_behind, false as is_distressed from care.left_behind
    union all
    select distinct child_id, false, true from care.distressed
),
placed as (
    select
        child_id, is_left_behind, is_distressed,
        case when residence_codes is not null then residence_county else hukou_county end as county,
        case when residence_codes is not null then residence_township else hukou_township end as township,
        case when residence_codes is not null then residence_village else hukou_village end as village
    from listed
    join care.child as child using (child_id)
),
counted as (
    select
        coalesce(village, township, county) as place,
        case when village is not null then 'village' when township is not null then 'township' else 'county' end
            as place_kind,
        any_value(county) as county, any_value(township) as township,
        cast(count(distinct child_id) filter (where is_left_behind) as integer) as left_behind,
        cast(count(distinct child_id) filter (where is_distressed) as integer) as distressed,
        cast(count(distinct child_id) as integer) as distinct_children
    from placed
    where coalesce(village, township, county) is not null
    group by all
)
select
    counted.place, $period as period, counted.place_kind, counted.county, counted.township, counted.left_behind,
    counted.distressed, counted.distinct_children,
    case
        when counted.place_kind <> 'village' then 'none'
        when counted.distinct_children > rule.more_than then 'over'
        when counted.distinct_children >= rule.watch_from then 'watch'
        else 'none'
    end as level,
    rule.rule_id, rule.clause
from counted
join policy.villages_rule as rule on rule.county = counted.county
order by counted.place
