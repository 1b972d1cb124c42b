"""Anchors are made once a period, by whichever step wants them first."""

import duckdb

from matching import linkage, model
from matching.children import identity
from matching.periods import anchors
from tests.matching.standing import Entry, citizen_no, write_std

MODEL = model.load()
ENTRIES = [Entry(citizen_no=citizen_no()), Entry("李平", "health.child_health", health_record_no="H7")]


def _linked(known: dict[int, str]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    write_std(con, ENTRIES, known=known)
    linkage.link(con, MODEL, "2026H2")
    return con


def _held(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("select anchor from link.anchor order by all").fetchall()


def _is_there(con: duckdb.DuckDBPyConnection) -> bool:
    rows = con.execute("select count(*) from duckdb_tables() where table_name = 'profile_anchor'").fetchall()
    return bool(rows[0][0])


def test_a_release_holds_none_of_the_facts_behind_anchors():
    assert not _is_there(_linked({}))
    assert not _is_there(_linked({7: "c1"}))


def test_anchors_are_the_same_whether_clustering_asked_for_them_or_not():
    alone, asked = _linked({}), _linked({7: "c1"})
    assert _held(alone) == _held(asked) != []


def test_identity_run_by_itself_makes_them_again():
    con = _linked({})
    before = _held(con)
    identity.write_children(con, MODEL, "2026H2")
    assert _held(con) == before
    assert not _is_there(con)


def test_profiles_made_anew_leave_no_facts_of_the_old():
    con = _linked({})
    anchors.write(con)
    write_std(con, ENTRIES[:1])
    linkage.link(con, MODEL, "2026H2")
    alone = duckdb.connect()
    write_std(alone, ENTRIES[:1])
    linkage.link(alone, MODEL, "2026H2")
    assert _held(con) == _held(alone) != []
