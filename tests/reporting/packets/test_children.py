"""What a packet may tell of a child: what is still to be claimed, and the township that its residence lies in."""

from datetime import date
from importlib.resources import files

import duckdb
import pytest

from reporting.packets.outgoing import put_claims

RELEASE = """
    create schema core; create schema care; create schema policy;
    create table care.migrant_status as select
        'c1' as child_id, 'migrant' as status, ['420502'] as hukou_codes, ['429006'] as residence_codes,
        date '2024-03-01' as residing_since;
    create table core.child as select
        'c1' as child_id, 'male' as sex, '童' as name, null as citizen_no, 'day' as born_precision,
        date '2015-03-01' as born_on, ['education/enrolment'] as known_to;
    create table care.child as select 'c1' as child_id, '429006100' as residence_township;
    create table policy.service as select
        '429006' as catalogue, unnest(['S10', 'S13', 'S14', 'S20']) as item,
        unnest(['孤儿', '低保', '特困', '其他']) as title;
    create table care.entitlement as select
        'c1' as child_id, '429006' as catalogue, item, 'hukou' as claim_at, $state as state from policy.service;
"""


@pytest.mark.parametrize(
    ("state", "claims"),
    [
        ("eligible", "其他"),
        ("likely", "孤儿；低保；特困；其他"),
        ("needs_proof", "孤儿；低保；特困；其他"),
        ("no", None),
    ],
)
def test_the_hukou_place_is_asked_for_what_the_child_does_not_have_yet(state, claims):
    con = duckdb.connect()
    con.execute(RELEASE.replace("$state", f"'{state}'"))
    put_claims(con)
    sql = (files("reporting.packets") / "children.sql").read_text(encoding="utf-8")
    found = con.execute(f"select claims, residence_township from ({sql})", {"as_of": date(2026, 6, 30)}).fetchall()
    assert found == [(claims, "429006100")]
