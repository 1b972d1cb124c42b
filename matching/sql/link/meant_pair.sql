-- The pairs that people's judgements are about, of those that bear the keys: the one that scores best, which was asked about.
-- One row a pair and judgement.
-- reads   judged_pair (temporary), link.scored_pair
with meant as (
    select judged.left_profile, judged.right_profile, judgement
    from judged_pair as judged
    left join link.scored_pair as pair using (left_profile, right_profile)
    window key_pair as (partition by decision_no)
    qualify borne_by = 1 or coalesce(pair.score + pair.worth = max(pair.score + pair.worth) over key_pair, false)
)
select distinct left_profile, right_profile, judgement from meant order by all
