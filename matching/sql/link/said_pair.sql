-- Scored pairs that clustering must know of. One row a pair, in the order of link.scored_pair: left, then right.
-- reads   link.scored_pair
-- params  link_from, conflict_below: bounds in log2 odds; always_asking: guards that keep a pair apart until a person decides
-- is_excused  two rows of a table that holds a person once, which the score would have linked
with judged as (
    select
        left_profile, right_profile, rules, score + worth as weighed,
        band = 'link' as is_link,
        band = 'forbid' or list_contains($always_asking::varchar[], guard) as is_forbidden,
        band <> 'forbid' and score + worth <= $conflict_below as is_unlikely,
        guard = 'once_per_period' and score + worth >= $link_from as is_excused
    from link.scored_pair
)
select * from judged where is_link or is_forbidden or is_unlikely or is_excused
