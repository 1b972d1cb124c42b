-- judged_pair: pairs of profiles that bear the keys a person judged; the newest judgement holds. One row a judgement and pair. Temporary.
-- reads   open_decision (temporary: prior.decision without what was said blind), named_entry (temporary), link.entry_profile
-- borne_by  how many pairs bear the two keys: several where a key is that of several children who have no other name
create or replace temp table judged_pair as
with newest as (
    select * from open_decision
    qualify row_number() over (
        partition by left_feed, left_table, left_key, right_feed, right_table, right_key
        order by decided_at desc
    ) = 1
),
numbered as (
    select *, row_number() over () as decision_no from newest
),
borne as (
    select distinct
        numbered.decision_no, lower(numbered.judgement) as judgement,
        least(l.profile_id, r.profile_id) as left_profile, greatest(l.profile_id, r.profile_id) as right_profile
    from numbered
    join named_entry as a
        on (a.feed, a.table_name, a.key) = (numbered.left_feed, numbered.left_table, numbered.left_key)
    join named_entry as b
        on (b.feed, b.table_name, b.key) = (numbered.right_feed, numbered.right_table, numbered.right_key)
    join link.entry_profile as l on l.entry_id = a.entry_id
    join link.entry_profile as r on r.entry_id = b.entry_id
    where l.profile_id <> r.profile_id
)
select *, count(*) over (partition by decision_no) as borne_by from borne
