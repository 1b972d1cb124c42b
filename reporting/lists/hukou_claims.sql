-- Children who may have what is claimed at the hukou place, and what became of the request to that bureau: not asked yet, waiting,
-- late, taken on, granted or refused; and those of whom a request still waits though nothing is claimed now. One row a child.
select
    status.child_id, status.residence_codes[1] as county, about.residence_township as township,
    array_to_string(status.hukou_codes, '|') as hukou_county, claim.claims,
    coalesce(request.state, 'not_asked') as request_state, request.asked_on, request.due_on as reply_due_on,
    request.waiting_days, request.answered_on, request.reason as reply_reason, null as rule_id, null as clause
from care.migrant_status as status
left join care.child as about using (child_id)
left join claim using (child_id)
left join claim_request as request using (child_id)
where claim.child_id is not null and status.status in ('migrant', 'unaccompanied') or request.waiting_days is not null
