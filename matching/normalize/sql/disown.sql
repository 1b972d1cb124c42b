-- std.entry: numbers that aren't the entry's own are taken from it, with the key that holds them.
-- reads   temp value_bearer: the names of who else bears a number of an entry, whether they agree with or differ from its own
-- params  others: the state of a number that somebody of another name bears
--         nobodys: the state of one that nobody bears whose name is known; null leaves it, as one that stands there twice is
update std.entry as entry
set citizen_no_state = coalesce(owned.state, entry.citizen_no_state),
    citizen_no = case when owned.state is null then entry.citizen_no end,
    citizen_no_unverified =
        case when owned.state = 'doubtful' then entry.citizen_no else entry.citizen_no_unverified end,
    embedded_no = case when owned.inside_state is distinct from 'borrowed' then entry.embedded_no end,
    student_no = case when owned.inside_state is distinct from 'borrowed' then entry.student_no end,
    disability_card_no = case when owned.inside_state is distinct from 'borrowed' then entry.disability_card_no end,
    born_on = case when owned.state is distinct from 'guardian' then entry.born_on end,
    born_precision = case when owned.state is distinct from 'guardian' then entry.born_precision end,
    born_fault = case when owned.state is distinct from 'guardian' or entry.born_fault <> 'from_citizen_no' then entry.born_fault end,
    is_adult = entry.is_adult and owned.state is distinct from 'guardian'
from (
    select
        held.entry_id,
        max(held.state) filter (held.number = entry.citizen_no) as state,
        max(held.state) filter (held.number = entry.embedded_no) as inside_state
    from (
        select
            entry_id, number,
            case when bool_or(agrees) then null when bool_or(differs) then $others when not bool_or(is_twice) then $nobodys end
                as state
        from value_bearer
        group by entry_id, number
    ) as held
    join std.entry as entry using (entry_id)
    where held.state is not null
    group by held.entry_id
) as owned
where owned.entry_id = entry.entry_id
