-- What a new model version would move, as figures of link.quality. One row a figure.
-- reads   held_pair, held_cluster (temporary: by the version in force), link.scored_pair, link.cluster (by the new one)
-- children merged: clusters of the new version that hold several of the old; split: the other way round.
with pair as (
    select 'pairs' as subject, held.band::varchar || ' to ' || new.band::varchar as item, count(*) as value
    from held_pair as held
    join link.scored_pair as new using (left_profile, right_profile)
    where held.band::varchar <> new.band::varchar
    group by all
),
both_clusters as (
    select held.cluster_id as held_id, new.cluster_id as new_id
    from held_cluster as held
    join link.cluster as new using (profile_id)
    group by all
),
merged as (
    select count(*) as value from (select new_id from both_clusters group by new_id having count(*) > 1)
),
split as (
    select count(*) as value from (select held_id from both_clusters group by held_id having count(*) > 1)
)
select subject, item, value::double as value from pair
union all
select 'children', 'merged', value::double from merged
union all
select 'children', 'split', value::double from split
order by subject, item
