-- The rows of `listed`, each with its child as `person` has it. The township by the name that deliveries write beside its code,
-- else by that in the address, else by its code. As many rows as listed has.
select
    listed.*, person.* exclude (child_id, township_name),
    coalesce(called.name, person.township_name, listed.township) as township_name
from listed
left join person using (child_id)
left join ($township_name) as called on called.township = listed.township
