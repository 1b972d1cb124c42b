-- case_entry: the entries of the children that a case is about. One row an entry, those of one case together.
-- named         how people's answers name it: by its key, and with a digest of the person where several children bear that
-- is_shared     several children bear that name all the same
-- is_on_ledger  its child stands on the key-care ledger (重点关爱对象台账), opened or proposed
-- reads   ledger_child (temporary), link.entry_child, std.entry, std.name, std.fault, std.place, std.guardian, asked_entry (temporary), delivered_entry
--         (temporary: raw rows as JSON), with_person (temporary macro)
create temp table case_entry as
with faults as (
    select entry_id, map(list(column_name), list(fault)) as faults
    from (select distinct on (entry_id, column_name) entry_id, column_name, fault from std.fault semi join asked_entry using (entry_id) order by all)
    group by entry_id
),
places as (
    select
        entry_id,
        max(codes) filter (where kind = 'hukou') as hukou_codes,
        max(codes) filter (where kind = 'residence') as residence_codes
    from std.place semi join asked_entry using (entry_id)
    group by entry_id
),
shared as (
    select feed, table_name, key
    from std.entry as entry
    join link.entry_child as tied using (entry_id)
    semi join (select feed, table_name, key from std.entry semi join asked_entry using (entry_id)) using (feed, table_name, key)
    group by all
    having count(distinct tied.child_id) > 1
),
names as (
    select entry_id, list({delivered: delivered, folded: folded, syllables: syllables, sound: sound_key}) as names
    from (
        select entry_id, name_id from std.entry semi join asked_entry using (entry_id) where name_id is not null
        union
        select entry_id, former_name_id from std.entry semi join asked_entry using (entry_id) where former_name_id is not null
        union
        select entry_id, mother_name_id from std.entry semi join asked_entry using (entry_id) where mother_name_id is not null
        union
        select entry_id, name_id from std.guardian semi join asked_entry using (entry_id) where name_id is not null
    )
    join std.name using (name_id)
    group by entry_id
)
select
    asked.case_id, asked.cluster_id, asked.profile_id, asked.entry_id, tied.child_id,
    entry.feed, entry.table_name, entry.file, entry.row_no, entry.key,
    case when shared.key is null then entry.key else coalesce(with_person(entry.key, name.near_sound_key, entry.born_on), entry.key) end as named,
    shared.key is not null and named = entry.key as is_shared,
    entry.born_on, entry.born_precision, entry.sex, entry.citizen_no, entry.citizen_no_state, entry.citizen_no_unverified,
    entry.embedded_no, entry.ethnic_code, places.hukou_codes, places.residence_codes, faults.faults, names.names,
    delivered.delivered, ledger.child_id is not null as is_on_ledger
from asked_entry as asked
join std.entry as entry using (entry_id)
left join std.name as name on name.name_id = entry.name_id
left join shared on (shared.feed, shared.table_name, shared.key) = (entry.feed, entry.table_name, entry.key)
left join link.entry_child as tied using (entry_id)
left join faults using (entry_id)
left join places using (entry_id)
left join names using (entry_id)
left join delivered_entry as delivered using (entry_id)
left join ledger_child as ledger on ledger.child_id = tied.child_id
order by asked.case_id, asked.cluster_id, asked.entry_id
