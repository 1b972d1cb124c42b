-- explain claims: to which places one child's entries make a claim, and why one was chosen. One row a claim, the chosen first.
-- reads: core.hukou, core.residence
-- params: child_id
select
    'hukou' as kind, source, entry, codes, level, null::date as since_on, seen_on, carried_periods, is_chosen,
    coalesce(set_aside, reason) as reason, fault, rank
from core.hukou
where child_id = $child_id
union all
select
    'residence', source, entry, codes, level, since_on, seen_on, carried_periods, is_chosen,
    coalesce(set_aside, reason), fault, rank
from core.residence
where child_id = $child_id
order by kind, is_chosen desc, rank nulls last, entry
