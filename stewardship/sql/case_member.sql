-- case_member: the clusters of each case. One row a cluster; it is of one case.
-- reads   link.review_pair
create temp table case_member as
select distinct case_id, unnest([left_cluster, right_cluster]) as cluster_id from link.review_pair
