-- merge: two children that one cluster holds, and the strongest link between them. One row a cluster and pair of children. Temporary.
-- reads   entry_fact, merged_children (temporary), link.scored_pair, link.pattern
-- adults' entries count as persons of their own
create or replace temp table merge as
with part as (
    select found, child, count(*) as entries, list(distinct profile_id) as profiles from entry_fact group by found, child
),
pair as (
    select a.found, a.child as one, b.child as other, a.entries * b.entries as pairs
    from part as a
    join part as b on b.found = a.found and a.child < b.child
),
link as (
    select
        a.found, least(a.child, b.child) as one, greatest(a.child, b.child) as other, pattern.*, scored.score, scored.guard, scored.band
    from link.scored_pair as scored
    join (select * exclude (score) from link.pattern) as pattern using (pattern)
    join entry_fact as a on a.profile_id = scored.left_profile
    join entry_fact as b on b.profile_id = scored.right_profile
    where a.found = b.found and a.child <> b.child
)
select
    pair.*,
    coalesce(known.is_sibling, false) as is_sibling,
    coalesce(known.born_together, false) as born_together,
    pair.one like 'adult %' or pair.other like 'adult %' as has_adult,
    case
        when best.band is null then 'no pair between them'
        when best.band = 'link' then 'linked' || case when best.guard <> 'none' then ' ' || best.guard::varchar else '' end
        when best.band = 'review' then 'joined by others, would be reviewed ' || best.guard::varchar
        when best.band = 'forbid' then 'joined though forbidden ' || best.guard::varchar
        else 'joined by others, scored below'
    end as how,
    best.score,
    best.levels
from pair
left join merged_children as known on known.one = pair.one and known.other = pair.other
left join (
    select
        found, one, other,
        arg_max(band::varchar, (band::varchar = 'link', score)) as band,
        arg_max(guard::varchar, (band::varchar = 'link', score)) as guard,
        max(score) as score,
        arg_max(concat_ws(' ',
            'name:' || nullif(name::varchar, 'missing'), 'birth:' || nullif(birth::varchar, 'missing'),
            'sex:' || nullif(nullif(sex::varchar, 'missing'), 'equal'), 'number:' || nullif(number::varchar, 'missing'),
            'own_number:' || nullif(own_number::varchar, 'missing'),
            'guardian_no:' || nullif(guardian_no::varchar, 'missing'),
            'guardian_name:' || nullif(guardian_name::varchar, 'missing'),
            'phone:' || nullif(phone::varchar, 'missing'), 'address:' || nullif(address::varchar, 'missing'),
            'hukou:' || nullif(hukou_county::varchar, 'missing'),
            'residence:' || nullif(residence_county::varchar, 'missing'),
            'tables:' || nullif(tables::varchar, 'other')
        ), (band::varchar = 'link', score)) as levels
    from link
    group by all
) as best on best.found = pair.found and best.one = pair.one and best.other = pair.other
