"""What a packet may tell of a child: what is still to be claimed, and the township that its residence lies in."""

from datetime import date

import duckdb
import pytest

from reporting.packets.outgoing import children_sql, put_claims

RELEASE = """
    create schema core; create schema care; create schema policy; create schema std;
    create table care.migrant_status as select
        'c1' as child_id, 'migrant' as status, ['420502'] as hukou_codes, ['429006'] as residence_codes,
        date '2024-03-01' as residing_since;
    create table core.child as select
        'c1' as child_id, 'male' as sex, '童' as name, null as citizen_no, 'day' as born_precision,
        date '2015-03-01' as born_on, ['education/enrolment'] as known_to;
    create table care.child as select 'c1' as child_id, '429006100' as residence_township;
    create table std.township (county varchar, name varchar, township varchar, entries integer);
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
    asked = f"select claims, residence_township from ({children_sql()})"
    found = con.execute(asked, {"as_of": date(2026, 6, 30)}).fetchall()
    assert found == [(claims, "429006100")]
    con.execute(
        "insert into std.township values ('429006', '城关镇', '429006100', 2), ('429006', '老城镇', '429006100', 9)"
    )
    found = con.execute(asked, {"as_of": date(2026, 6, 30)}).fetchall()
    assert found == [(claims, "429006100 老城镇")]
