-- std.place: what each division delivered with an entry means on the reference date. One row an entry and kind of place.
-- reads   delivered (view over the raw tables), temp value_place
with said as (
    select entry_id, 'hukou' as kind, hukou_division_code as value from delivered where hukou_division_code is not null
    union all
    select entry_id, 'residence', residence_division_code from delivered where residence_division_code is not null
    union all
    select entry_id, 'insured', insured_division_code from delivered where insured_division_code is not null
    union all
    select entry_id, 'treatment', treatment_division_code from delivered where treatment_division_code is not null
)
select s.entry_id, s.kind, p.codes, p.county, p.level, p.prefecture, p.province, p.township, p.fault
from said as s
join value_place as p on p.delivered = s.value
where p.fault is distinct from 'blank'
