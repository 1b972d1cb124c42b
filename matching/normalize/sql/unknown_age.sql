-- std.entry: who is of age by the birth date delivered and has no number is of unknown age, so a child, where another
-- reading of that date (day and month swapped, the lunar calendar) is the birth date of a child of the same name.
-- reads   std.name
-- params  as_of: the reference date
-- Not where somebody of that name and date has a number: then there are two people of one name.
with known as (
    select
        entry_id, born_on, born_alternatives, is_adult, coalesce(citizen_no, embedded_no) as number,
        coalesce(nullif(name.variant_key, ''), name.folded) as called
    from std.entry
    join std.name as name using (name_id)
    where born_on > $as_of - interval 20 year and name.kind in ('han', 'transliterated', 'latin', 'tibetan_script')
),
doubtful as (
    select *, unnest(born_alternatives) as perhaps
    from known
    where is_adult and number is null
)
update std.entry as entry
set is_adult = false
where entry.entry_id in (
    select doubtful.entry_id
    from doubtful
    join known as child
        on child.called = doubtful.called and child.born_on = doubtful.perhaps and not child.is_adult
    where not exists (
        from known as adult
        where adult.called = doubtful.called and adult.born_on = doubtful.born_on and adult.is_adult
            and adult.number is not null
    )
)
