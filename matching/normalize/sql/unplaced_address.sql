-- Addresses of which the code beside them names no county. One row a distinct address.
-- reads   delivered (view over the raw tables), temp value_place
select distinct said.address
from (
    select hukou_division_code as value, hukou_address as address from delivered where hukou_address is not null
    union all
    select residence_division_code, residence_address from delivered where residence_address is not null
) as said
left join value_place as place on place.delivered = said.value
where place.codes is null
order by all
