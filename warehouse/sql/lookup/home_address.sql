-- The address at which each asked child lives, as delivered: that of the entry which the chosen residence rests on, else of
-- the nearest source that has one; none in another county than the chosen residence's. One row a child. Put into queries that
-- have `asked`, whose child_id says which children.
-- reads: core.residence, link.entry_child, std.place, and lookup/delivered_address
select tied.child_id, told.address
from ($delivered_address) as told
join link.entry_child as tied using (entry_id)
semi join asked on asked.child_id = tied.child_id
left join core.residence as chosen on chosen.child_id = tied.child_id and chosen.is_chosen
left join std.place as named on named.entry_id = told.entry_id and named.kind = 'residence'
where nullif(trim(told.address), '') is not null
  and (named.codes is null or chosen.codes is null or list_has_any(named.codes, chosen.codes))
qualify row_number() over (
    partition by tied.child_id order by told.entry_id is distinct from chosen.entry_id, told.rank, told.entry_id
) = 1
