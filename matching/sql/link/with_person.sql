-- with_person: how an answer names an entry whose key several children bear: the key, and a digest of the name's sound and the
-- birth date, by which the same row is known again in the next delivery. None without a name. A macro, temporary.
-- md5, not DuckDB's hash: answers are kept for years.
create or replace temp macro with_person(key, sound, born_on) as
    key || '#' || left(md5(nullif(sound, '') || '|' || coalesce(born_on::varchar, '')), 12)
