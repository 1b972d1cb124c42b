create or replace temp table block_key as
    select distinct profile_id, hash(key_1, key_2) as key
    from (
    select *, unnest(birth_keys) as key_2 from (
        select *, unnest(name_keys) as key_1 from (
        select profile_id, name_keys, birth_keys from link.profile
    )
    )
    )
;
create or replace temp table block_size as
select key, count(*) as size from block_key group by key having count(*) > 1
;
create or replace temp table block_split as
with crowded as (
    select block_key.* from block_key join block_size using (key) where size > 80
),
second as (
    select distinct profile_id, hash(key_1) as second_key
    from (
    select *, unnest(county_keys) as key_1 from (
        select profile_id, county_keys from link.profile
    )
    )
    where profile_id in (select profile_id from crowded)
),
split as (
    select distinct profile_id, hash(key, second_key) as key from crowded join second using (profile_id)
)
select profile_id, key, count(*) over (partition by key) as size from split
;
insert into block_pair
with usable as (
    select profile_id, key from block_key join block_size using (key) where size <= 80
    union all
    select profile_id, key from block_split where size between 2 and 80
)
select distinct l.profile_id, r.profile_id, $bit::uinteger
from usable as l join usable as r on r.key = l.key and l.profile_id < r.profile_id
