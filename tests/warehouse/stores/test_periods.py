"""Closing, reopening, accepting, running: words of people that are kept."""

import pytest

from warehouse.stores import acceptances, periods, profiles, receipts, runs
from warehouse.stores.periods import PeriodClosed


def test_a_period_is_closed_until_it_is_reopened(stores):
    assert not periods.is_closed(stores, "2026H1")
    periods.note(stores, "2026H1", "close", "figures sent")
    with pytest.raises(PeriodClosed, match="Reopen it first"):
        periods.check_open(stores, "2026H1")
    periods.note(stores, "2026H1", "rollback", "wrong", 3)
    assert periods.is_closed(stores, "2026H1")
    periods.note(stores, "2026H1", "reopen", "file was wrong")
    periods.check_open(stores, "2026H1")
    assert [(each.event, each.release) for each in periods.read(stores)] == [
        ("close", None),
        ("rollback", 3),
        ("reopen", None),
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_act_without_a_reason_is_refused(stores, reason):
    with pytest.raises(ValueError, match="reason"):
        periods.note(stores, "2026H1", "close", reason)
    with pytest.raises(ValueError, match="reason"):
        acceptances.accept(stores, "2026H1", "education", reason)


def test_acceptances_are_read_by_period(stores):
    acceptances.accept(stores, "2026H1", "education", " the county merged two schools ", table_name="enrolment")
    acceptances.accept(stores, "2026H2", "health", "asked")
    (found,) = acceptances.read(stores, "2026H1")
    assert (found.feed, found.table_name, found.gate, found.reason) == (
        "education",
        "enrolment",
        None,
        "the county merged two schools",
    )


def test_what_a_session_does_is_its_users(stores):
    acceptances.accept(stores, "2026H1", "education", "asked", by="zhao")
    periods.note(stores, "2026H1", "close", "sent", by="zhao")
    assert acceptances.read(stores, "2026H1")[0].os_user == periods.read(stores)[0].os_user == "zhao"


def test_a_run_shows_its_latest_state(stores):
    runs.note(stores, "r1", "2026H1", "started", build_id=1)
    runs.note(stores, "r1", "2026H1", "published", build_id=1, seconds=9.5, summary={"children": 3})
    runs.note(stores, "r2", "2026H2", "started")
    found = runs.read(stores)
    assert [(each.run_id, each.state, each.summary) for each in found] == [
        ("r2", "started", None),
        ("r1", "published", {"children": 3}),
    ]
    assert [each.run_id for each in runs.read(stores, "2026H1")] == ["r1"]


def test_figures_are_kept_by_build(stores):
    figures = [("education", "enrolment", "rows", "", 10.0), ("education", "enrolment", "filled", "name", 9.0)]
    profiles.keep(stores, 1, "2026H1", [("health", "child_health", "rows", "", 1.0)])
    profiles.keep(stores, 1, "2026H1", figures)
    assert profiles.read(stores, 1) == figures
    assert profiles.keep(stores, 1, "2026H1", []) == 0
    assert profiles.read(stores, 1) == []


def test_both_receipts_of_a_redelivered_table_stay(stores, tmp_path):
    import duckdb

    from tests.warehouse.houses import empty_table, insert

    con = duckdb.connect()
    con.execute("create schema raw")
    for build, read in ((1, 10), (2, 12)):
        empty_table(con, "raw", "receipt")
        counts = {"rows_read": read, "rows_landed": read, "rows_repeated": 0, "rows_quarantined": 0}
        insert(con, "raw.receipt", feed="health", table_name="child_health", period="2026H1", status="landed", **counts)
        assert receipts.keep(stores, con, build) == 1
    assert [(each.build_id, each.rows_read, each.content["status"]) for each in receipts.read(stores, "2026H1")] == [
        (1, 10, "landed"),
        (2, 12, "landed"),
    ]
