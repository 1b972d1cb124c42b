-- Faults of an entry's own birth date, number and departments' keys. One row a fault: entry, column, kind; never a value.
-- reads   std.entry, delivered (view over the raw tables), temp value_date, value_number, value_key
-- params  as_of: the reference date
select e.entry_id, 'born_on' as column_name,
    case
        when b.on_day > $as_of then 'future'
        when b.fault = 'month_only' and e.born_fault = 'two_digit_year' then e.born_fault
        else b.fault
    end as fault
from std.entry as e
join delivered as d using (entry_id)
join value_date as b on b.delivered = d.born_on
where b.fault is not null or b.on_day > $as_of
union all
select e.entry_id, 'born_on', case when e.born_fault = 'from_unverified_no' then e.born_fault else 'from_citizen_no' end
from std.entry as e
join delivered as d using (entry_id)
left join value_date as b on b.delivered = d.born_on
where e.born_on is not null and (b.on_day is null or b.on_day > $as_of)
    and e.table_name not in ('high_cost_alert', 'welfare')  -- these have no birth date to miss
union all
select e.entry_id, 'citizen_no', 'born_disagrees'
from std.entry as e
join delivered as d using (entry_id)
join value_date as b on b.delivered = d.born_on
join value_number as v on v.delivered = d.citizen_no
where e.citizen_no is not null and b.precision = 'day' and b.on_day <> v.born_on
union all
select e.entry_id, 'citizen_no', 'sex_disagrees'
from std.entry as e
join delivered as d using (entry_id)
join value_number as v on v.delivered = d.citizen_no
where e.citizen_no is not null and d.sex is not null and e.sex <> v.sex
union all
select entry_id, 'citizen_no', citizen_no_state
from std.entry
where citizen_no_state not in ('blank', 'sound', 'other_document')
