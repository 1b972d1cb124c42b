-- The migrant children whom a place enters in the national system: those who live in it. One row a child.
-- params: within
select child_id from care.migrant_status
where status = 'migrant' and residence_codes[1] in
    (select code from policy.county where $within in ('000000', code, prefecture, province))
