-- entry_fact: what a judged entry offers to be recognised by, as delivered. One row an entry. Temporary.
-- reads   judged, entry_fault (temporary), std.entry, std.name, std.guardian, link.entry_profile
-- numbers   every number that is the child's own, of any kind, with its kind; verified or not
-- name_faults, birth_faults   how many faults the sample put into them; a date that was destroyed has a great many
create or replace temp table entry_fact as
with guardian as (
    select
        guardian.entry_id,
        list_distinct(list('n' || name.folded) || list(guardian.citizen_no)) as guardians
    from (
        select entry_id, name_id, citizen_no from std.guardian where slot::varchar <> 'contact'
        union all
        select entry_id, mother_name_id, null from std.entry where mother_name_id is not null
    ) as guardian
    left join std.name as name on name.name_id = guardian.name_id and name.kind not in ('blank', 'placeholder')
    group by guardian.entry_id
),
faulty as (
    select entry_id, sum(name_faults) as name_faults, sum(birth_faults) as birth_faults from entry_fault group by entry_id
)
select
    judged.entry_id,
    judged.child,
    judged.found,
    judged.source,
    profile.profile_id,
    list_filter([
        'c' || entry.citizen_no, 'c' || entry.citizen_no_unverified, 'c' || entry.embedded_no,
        'b' || entry.birth_certificate_no, 'o' || entry.other_document_no, 'i' || entry.insured_no,
        's' || entry.student_no, 'h' || entry.health_record_no, 'd' || entry.disability_card_no
    ], lambda number: number is not null) as numbers,
    name.folded as name,
    entry.born_on,
    list_filter(coalesce(guardian.guardians, []), lambda value: value is not null) as guardians,
    coalesce(faulty.name_faults, 0) as name_faults,
    coalesce(faulty.birth_faults, 0) as birth_faults
from judged
join std.entry as entry using (entry_id)
left join std.name as name on name.name_id = entry.name_id and name.kind not in ('blank', 'placeholder')
left join link.entry_profile as profile using (entry_id)
left join guardian using (entry_id)
left join faulty using (entry_id)
