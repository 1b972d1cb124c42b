-- care.entitlement: which services of the residence county's catalogue a child may have, and why. One row a child and item.
-- Children of whom the same is known are judged once. A requirement answers with the first rank that is true, a benefit with
-- the worst of its requirements, an item with the best of its benefits (verdicts as numbers: policy.service_verdict).
-- reads: care.service_fact, care.child, policy.service, policy.service_need, policy.service_requirement, policy.service_question,
--   policy.service_verdict
-- params: period
-- by: child
with situation as (
    select row_number() over () as situation, *
    from (
        select columns(* exclude (child_id, period, emergency_county, carried, evidence)), list(child_id) as children
        from care.service_fact
        group by all
    )
),
told as (
    select situation, catalogue, fact, value
    from (
        select situation, catalogue, cast(columns(* exclude (situation, catalogue, children)) as varchar)
        from situation
    )
    unpivot include nulls (value for fact in (* exclude (situation, catalogue)))
),
answer as (  -- 2 yes, 1 can't be said, 0 no
    select
        told.situation, told.catalogue, question.requirement, question.rank, question.verdict, question.group_no,
        min(
            case
                when told.value is null then
                    case when question.when_unknown is null then 1 when question.when_unknown then 2 else 0 end
                when list_contains(question.values, told.value) then 2
                else 0
            end
        ) as answer
    from told
    join policy.service_question as question on question.catalogue = told.catalogue and question.fact = told.fact
    group by all
),
decided as (
    select situation, catalogue, requirement, arg_min(verdict, rank) as verdict
    from answer
    where answer = 2
    group by all
),
judged as (
    select
        situation.situation, situation.catalogue, requirement.requirement,
        coalesce(decided.verdict, requirement.otherwise) as verdict
    from situation
    join policy.service_requirement as requirement using (catalogue)
    left join decided
        on decided.situation = situation.situation and decided.requirement = requirement.requirement
),
benefit as (
    select
        judged.situation, need.catalogue, need.item, need.benefit_no, need.benefit, min(judged.verdict) as verdict
    from judged
    join policy.service_need as need using (catalogue, requirement)
    group by all
),
item as (
    select
        benefit.situation, benefit.catalogue, benefit.item, max(benefit.verdict) as verdict,
        string_agg(benefit.benefit || ':' || verdict.word, ';' order by benefit.benefit_no) as benefits
    from benefit
    join policy.service_verdict as verdict using (verdict)
    group by all
),
asked as (
    select catalogue, item, requirement, min(benefit_no * 100 + need_no) as place from policy.service_need group by all
),
condition as (
    select
        judged.situation, asked.catalogue, asked.item,
        string_agg(asked.requirement || ':' || verdict.word, ';' order by asked.place) as conditions
    from judged
    join asked using (catalogue, requirement)
    join policy.service_verdict as verdict using (verdict)
    group by all
),
whole as (
    select item.situation, item.catalogue, item.item, item.verdict, condition.conditions, item.benefits
    from item
    join condition using (situation, item)
),
answer_given as (  -- a few hundred for a province: the million rows below carry its number until the end
    select row_number() over () as answer_no, *
    from (select distinct catalogue, item, verdict, conditions, benefits from whole)
),
child as (
    select unnest(situation.children) as child_id, answer_given.answer_no
    from situation
    join whole using (situation)
    join answer_given
        on answer_given.catalogue = whole.catalogue and answer_given.item = whole.item
        and answer_given.verdict = whole.verdict and answer_given.conditions = whole.conditions
        and answer_given.benefits = whole.benefits
),
place as (  -- where a child is in an emergency: told by a visit, else where it lives
    select about.child_id, coalesce(fact.emergency_county, about.residence_county) as county
    from care.child as about
    left join care.service_fact as fact on fact.child_id = about.child_id
)
select
    child.child_id, $period as period, answer_given.catalogue, answer_given.item, verdict.word as state,
    answer_given.conditions, answer_given.benefits, service.bureau, service.claim_at,
    case when service.claim_at = 'emergency' then place.county end as claim_county,
    service.clause
from child
join answer_given using (answer_no)
join policy.service_verdict as verdict on verdict.verdict = answer_given.verdict
join policy.service as service on service.catalogue = answer_given.catalogue and service.item = answer_given.item
left join place on place.child_id = child.child_id
