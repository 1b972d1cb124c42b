-- cluster_part: entries of a cluster, or of a core of one, by source. One row a part and source. Temporary.
-- reads   profile_core (temporary), link.cluster, profile_source (temporary)
-- part    the cluster, or the core: profiles of a cluster that evidence beyond doubt joins
create or replace temp table cluster_part as
select 'cluster' as kind, cluster.cluster_id as part, source.source, sum(source.entries)::bigint as entries
from link.cluster as cluster
join profile_source as source using (profile_id)
group by all
union all
select 'core', core.core_id, source.source, sum(source.entries)::bigint
from profile_core as core
join profile_source as source using (profile_id)
group by all
