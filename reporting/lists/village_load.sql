-- Left-behind and distressed children by village, or by the finest place known, by its name where one is known. One row a place.
select
    load.county, load.township, coalesce(called.name, load.township) as township_name, load.place,
    case load.place_kind
        when 'village' then coalesce(village.name, load.place)
        when 'township' then coalesce(called.name, load.place)
    end as place_name,
    load.place_kind, load.left_behind, load.distressed, load.distinct_children, load.level, load.rule_id, load.clause
from care.village_load as load
left join ($township_name) as called using (township)
left join ($village_name) as village on village.village = load.place
where load.distinct_children > 0
