-- Citizen numbers that stand inside other numbers: G + number is a verified pupil's, number + category + grade a
-- disability card. One row a delivered text and the part of it that should be the number.
-- reads   delivered (view over the raw tables), temp value_key
with carrier as (
    select distinct coalesce(student_no, disability_card_no) as delivered, student_no is not null as is_student
    from delivered
    where coalesce(student_no, disability_card_no) is not null
),
plain as (
    select c.delivered, c.is_student, coalesce(k.folded, c.delivered) as text
    from carrier as c
    left join value_key as k on k.delivered = c.delivered
)
select delivered, case when is_student then text[2:19] else text[1:18] end as inside
from plain
where (is_student and regexp_full_match(text, 'G\d{17}[\dX]'))
    or (not is_student and regexp_full_match(text, '\d{17}[\dX][1-7]\d(?:B\d{1,2})?'))
