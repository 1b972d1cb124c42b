-- Services that are claimed at the hukou place, as far as a child may have them; not the allowances (S10, S13, S14) that one
-- is found eligible for by having them already. One row a child that has any, their titles in the catalogue's order.
-- reads: care.entitlement, policy.service
select entitlement.child_id, string_agg(service.title, '；' order by entitlement.item) as claims
from care.entitlement as entitlement
join policy.service as service using (catalogue, item)
where entitlement.claim_at in ('hukou', 'both') and entitlement.state in ('eligible', 'likely', 'needs_proof')
  and not (entitlement.state = 'eligible' and entitlement.item in ('S10', 'S13', 'S14'))
group by entitlement.child_id
