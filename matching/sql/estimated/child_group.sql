-- cluster_group: ethnic group, age and county of residence that most entries of a cluster give. One row a cluster and dimension.
-- reads   link.cluster, link.entry_profile, std.entry
-- params  as_of: the day ages are counted on
-- Of values that equally many entries give, the greatest; what no entry gives is unknown. Temporary.
create or replace temp table cluster_group as
with said as (
    select
        cluster.cluster_id,
        unnest([
            {'dimension': 'ethnic_group', 'subgroup': case entry.ethnic_code when '01' then 'han' when '04' then 'tibetan'
                when '05' then 'uyghur' when '03' then 'hui' else case when entry.ethnic_code is not null then 'other' end end},
            {'dimension': 'age', 'subgroup': case when entry.born_on is null then null
                when entry.born_on > $as_of::date - interval 3 year then '0-2'
                when entry.born_on > $as_of::date - interval 6 year then '3-5'
                when entry.born_on > $as_of::date - interval 12 year then '6-11'
                when entry.born_on > $as_of::date - interval 16 year then '12-15' else '16-17' end},
            {'dimension': 'county', 'subgroup': entry.residence_county}
        ], recursive := true)
    from link.cluster as cluster
    join link.entry_profile as held using (profile_id)
    join std.entry as entry using (entry_id)
),
counted as (
    select cluster_id, dimension, subgroup, count(*) as entries from said group by all
)
select
    cluster_id, dimension,
    coalesce(arg_max(subgroup, (entries, subgroup)) filter (subgroup is not null), 'unknown') as subgroup
from counted
group by all
