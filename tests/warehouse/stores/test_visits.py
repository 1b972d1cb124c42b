"""Recorded visits are signed, kept once, taken back by whom they concern, and read as far as a run asks."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from warehouse.stores import audit, visits
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.verdicts import KeyReused
from warehouse.stores.visit_tables import recorded_visit, visit_withdrawal
from warehouse.stores.visits import VisitFault

ZHANG, WANG = Actor("zhang", frozenset({"steward"})), Actor("wang", frozenset({"steward"}))
LI = Actor("li", frozenset({"approver"}))
DAY = date(2026, 6, 1)


def record(stores, by=ZHANG, key="k1", child="c1", **told):
    given = {"visited_on": DAY, "visit_kind": "in_home", **told}
    return visits.record(stores, by, key, "2026H1", child, given, token="token")


def test_a_visit_is_read_as_it_was_told(stores):
    number = record(stores, in_hardship=True, is_vagrant=False, problems=" 缺课 ")
    (row,) = visits.read_until(stores, DAY).to_pylist()
    assert row["visit_id"] == number
    assert (row["in_hardship"], row["is_vagrant"], row["dropped_out"]) == (True, False, None)
    assert (row["problems"], row["recorded_by"], row["needs"]) == ("缺课", "zhang", None)
    (told,) = audit.read(stores, act="visit recorded")
    assert told.subject == "token"


def test_a_form_sent_twice_is_one_visit(stores):
    assert record(stores, problems="缺课") == record(stores, problems="缺课")
    assert visits.read_until(stores, DAY).num_rows == 1
    assert len(audit.read(stores, act="visit recorded")) == 1


@pytest.mark.parametrize("other", [{"child": "c2"}, {"by": WANG}, {"in_hardship": True}])
def test_a_forms_key_with_something_else_in_it_is_refused(stores, other):
    record(stores)
    with pytest.raises(KeyReused):
        record(stores, **other)
    assert visits.read_until(stores, DAY).num_rows == 1


def test_words_that_hold_a_number_are_refused_and_not_repeated(stores):
    with pytest.raises(WordsRefused) as refused:
        record(stores, needs="电话 138 1234 5678")
    assert "5678" not in str(refused.value)
    assert visits.read_until(stores, DAY).num_rows == 0


def test_a_run_reads_no_visit_after_its_day(stores):
    record(stores)
    assert visits.read_until(stores, DAY - timedelta(days=1)).num_rows == 0
    assert visits.read_until(stores, DAY - timedelta(days=1)).column_names == list(visits.SHAPE)


def test_what_a_run_does_not_know_is_what_came_after_it_or_lies_after_its_day(stores):
    record(stores)
    later = now() + timedelta(seconds=1)
    assert visits.since(stores, DAY, datetime(2026, 1, 1)) == [("c1", "in_home", DAY)]
    assert visits.since(stores, DAY, later) == []
    assert visits.since(stores, DAY - timedelta(days=1), later) == [("c1", "in_home", DAY)]


@pytest.mark.parametrize("by", [ZHANG, LI])
def test_a_visit_is_taken_back_by_its_recorder_or_an_approver_and_read_no_more(stores, by):
    number = record(stores)
    visits.withdraw(stores, by, number, ["c0", "c1"], "登记错了儿童", token="token")
    assert visits.read_until(stores, DAY).num_rows == 0
    assert visits.since(stores, DAY, datetime(2026, 1, 1)) == []
    (kept,) = visits.of_child(stores, ["c1"])
    assert (kept.is_withdrawn, kept.withdrawn_by, kept.withdrawn_because) == (True, by.username, "登记错了儿童")
    with pytest.raises(VisitFault, match="taken back before"):
        visits.withdraw(stores, by, number, ["c1"], "again", token="token")


@pytest.mark.parametrize(("by", "child", "why"), [(WANG, "c1", "Its recorder"), (ZHANG, "c2", "No such visit")])
def test_nobody_takes_back_anothers_visit_or_another_childs(stores, by, child, why):
    number = record(stores)
    with pytest.raises(VisitFault, match=why):
        visits.withdraw(stores, by, number, [child], "错", token="token")
    assert visits.read_until(stores, DAY).num_rows == 1


@pytest.mark.parametrize(
    "change", [sa.update(recorded_visit).values(problems="x"), sa.delete(recorded_visit), sa.delete(visit_withdrawal)]
)
def test_nobody_changes_or_removes_a_visit(stores, change):
    visits.withdraw(stores, ZHANG, record(stores), ["c1"], "错", token="token")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), stores.begin() as connection:
        connection.execute(change)
