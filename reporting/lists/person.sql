-- How to recognise and reach each listed child: name, age, guardian, phone, where it lives. One row a child.
-- The guardian is the first with a phone; the address is by lookup/home_address. Township and village are read from the
-- address where no list of their names is at hand.
with child as (select child.* from core.child as child semi join listed using (child_id)),
reached as (
    select child_id, relation, name, phone, guardian_no from core.guardian semi join listed using (child_id)
    union all
    select tied.child_id, null, nullif(name.folded, ''), guardian.phone, 1000  -- after every guardian
    from std.guardian as guardian
    join link.entry_child as tied using (entry_id)
    semi join listed on listed.child_id = tied.child_id
    left join std.name as name using (name_id)
    where guardian.relation = 'contact'
),
guardian as (
    select child_id, relation, name, phone
    from reached
    qualify row_number() over (partition by child_id order by phone is null, guardian_no, phone) = 1
),
asked as (select child_id from listed),
lives as ($home_address),
school as (
    select tied.child_id, roll.school_name
    from raw.education_enrolment as roll
    join std.education_enrolment as typed using (entry_id)
    join link.entry_child as tied using (entry_id)
    semi join listed on listed.child_id = tied.child_id
    where nullif(trim(roll.school_name), '') is not null
    qualify row_number() over (
        partition by tied.child_id
        order by typed.enrolment_status is distinct from 'enrolled', typed.enrolled_in desc nulls last, roll.entry_id
    ) = 1
)
select
    child.child_id, child.name, child.sex,
    case child.born_precision
        when 'month' then strftime(child.born_on, '%Y-%m')
        when 'year' then strftime(child.born_on, '%Y')
        else strftime(child.born_on, '%Y-%m-%d')
    end as born_on,
    about.age_years, child.citizen_no, guardian.name as guardian, guardian.relation, guardian.phone,
    lives.address,
    nullif(
        regexp_extract(lives.address, '(?:^|[省市县区州盟旗])([^省市县区州盟旗\s　]{1,8}?(?:街道|镇|乡|苏木))', 1), ''
    ) as township_name,
    nullif(
        regexp_extract(lives.address, '(?:街道|镇|乡|苏木)([^\d\s　号]{1,12}?(?:村|社区|居委会|嘎查))', 1), ''
    ) as village_name,
    school.school_name, about.hukou_county as hukou_county_of_child, about.residence_county as residence_county_of_child
from child
left join care.child as about using (child_id)
left join guardian using (child_id)
left join lives using (child_id)
left join school using (child_id)
