-- What the child has been given or is owed: guarantees, rehabilitation, services that it may have here. One row a help.
select typed.started_on as since, 'welfare' as what, typed.welfare_kind as about, typed.ended_on as until,
    'civil_affairs/welfare/' || entry.file || ':' || entry.row_no as told_by
from std.civil_affairs_welfare as typed
join std.entry as entry using (entry_id)
join link.entry_child as tied using (entry_id)
semi join who on who.child_id = tied.child_id
union all
select typed.applied_on, 'rehabilitation', concat_ws('，', typed.rehabilitation_item, case typed.aid_status
    when 'pending' then '待审核' when 'approved' then '已批准' when 'in_rehabilitation' then '康复中' when 'ended' then '已结束' end),
    null, 'disabled_federation/rehabilitation/' || entry.file || ':' || entry.row_no
from std.disabled_federation_rehabilitation as typed
join std.entry as entry using (entry_id)
join link.entry_child as tied using (entry_id)
semi join who on who.child_id = tied.child_id
union all
select
    $as_of, 'service',
    service.title || '（' || case listed.state when 'eligible' then '符合' when 'likely' then '可能符合' else '需补证明' end || '，'
        || case listed.claim_at when 'residence' then '居住地办理' when 'hukou' then '户籍地办理' when 'emergency' then '急难发生地办理' else '两地均可询办' end || '）',
    null, listed.bureau
from care.entitlement as listed
join policy.service as service using (catalogue, item)
semi join who on who.child_id = listed.child_id
where listed.state in ('eligible', 'likely', 'needs_proof')
order by since nulls last, what, about, told_by
