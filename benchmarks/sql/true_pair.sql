-- true_pair: two entries of one child. One row a pair. Temporary.
-- reads   entry_fact (temporary)
-- Linkable, after the faults: a number in common; name and birth date with one fault at most in both entries together;
-- or the same name and a guardian's name or number in common.
create or replace temp table true_pair as
select
    a.child,
    a.entry_id as left_entry,
    b.entry_id as right_entry,
    a.found as left_found,
    b.found as right_found,
    a.profile_id as left_profile,
    b.profile_id as right_profile,
    least(a.source, b.source) || ' × ' || greatest(a.source, b.source) as sources,
    a.found = b.found as is_found,
    list_has_any(a.numbers, b.numbers) as by_number,
    coalesce(
        a.name <> '' and b.name <> '' and a.born_on is not null and b.born_on is not null
            and case when a.name = b.name then 0 else greatest(a.name_faults + b.name_faults, 1) end
                + case when a.born_on = b.born_on then 0 else greatest(a.birth_faults + b.birth_faults, 1) end <= 1,
        false
    ) as by_name_and_birth,
    coalesce(a.name = b.name, false) and list_has_any(a.guardians, b.guardians) as by_name_and_guardian,
    by_number or by_name_and_birth or by_name_and_guardian as is_linkable
from entry_fact as a
join entry_fact as b on b.child = a.child and a.entry_id < b.entry_id
where a.child not like 'adult %'
