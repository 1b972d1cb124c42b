-- run_change: children whose status or county of residence is another than after the run before, and why. One row a child.
-- The first cause that explains the difference is told: ids, the rule, deliveries, links, what people recorded.
-- reads   care.migrant_status, core.child, core.child_redirect, link.entry_child, raw.receipt; of both builds
with deliveries as (
    select count(*) > 0 as differ
    from (
        (select feed, table_name, status, rows_landed from raw.receipt
            except select feed, table_name, status, rows_landed from earlier.raw.receipt)
        union all
        (select feed, table_name, status, rows_landed from earlier.raw.receipt
            except select feed, table_name, status, rows_landed from raw.receipt)
    )
),
compared as (
    select
        child_id, coalesce(redirect.to_child_id, child_id) as now_id, past.status as earlier_status, now.status,
        coalesce(past.residence_codes, past.hukou_codes, []) as earlier_codes,
        coalesce(now.residence_codes, now.hukou_codes, []) as codes,
        redirect.to_child_id is not null as is_merged,
        past.rule_id is distinct from now.rule_id as is_other_rule, past_child.entries as earlier_entries, child.entries
    from earlier.care.migrant_status as past
    full join care.migrant_status as now using (child_id)
    left join core.child_redirect as redirect using (child_id)
    left join core.child as child using (child_id)
    left join earlier.core.child as past_child using (child_id)
    where past.status is distinct from now.status or past.residence_codes is distinct from now.residence_codes
),
judged as (  -- children whom a steward's word holds together otherwise than before
    select child_id
    from (
        select child_id, count(*) filter (where how = 'steward') as now, 0 as past from link.entry_child group by child_id
        union all
        select child_id, 0, count(*) filter (where how = 'steward') from earlier.link.entry_child group by child_id
    )
    group by child_id
    having sum(now) <> sum(past)
)
select
    compared.child_id, earlier_status, status, earlier_codes, codes,
    case
        when status = 'migrant' and earlier_status is distinct from 'migrant' then 'in'
        when earlier_status = 'migrant' and status is distinct from 'migrant' then 'out'
        when status = 'migrant' then 'moved'
        else 'other'
    end as direction,
    case
        when judged.child_id is not null then 'steward'
        when is_merged then 'linkage'
        when earlier_status is null or status is null then case when deliveries.differ then 'feed' else 'linkage' end
        when is_other_rule then 'rule'
        when earlier_entries is distinct from entries then case when deliveries.differ then 'feed' else 'linkage' end
        when deliveries.differ then 'feed'
        else 'corrected'
    end as cause
from compared
cross join deliveries
left join judged on judged.child_id = compared.now_id
order by direction, cause, compared.child_id
