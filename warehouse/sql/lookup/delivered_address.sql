-- The address at which an entry says that its child lives, as delivered; rank: the nearest source first. One row an entry of the
-- tables that have addresses.
-- reads: raw.civil_affairs_field_visit, raw.public_security_residence, raw.education_enrolment, raw.health_child_health
-- reads: raw.disabled_federation_rehabilitation
select 1 as rank, entry_id, residence_address as address from raw.civil_affairs_field_visit
union all select 2, entry_id, residence_address from raw.public_security_residence
union all select 3, entry_id, residence_address from raw.education_enrolment
union all select 4, entry_id, residence_address from raw.health_child_health
union all select 5, entry_id, residence_address from raw.disabled_federation_rehabilitation
