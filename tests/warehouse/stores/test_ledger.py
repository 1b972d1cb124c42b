"""Acts on the ledger of key care are signed, ordered, and read as far as a period asks."""

from datetime import date

import pytest
import sqlalchemy as sa

from warehouse.stores import ledger
from warehouse.stores.actors import Actor
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.ledger import ActOutOfTurn, LedgerAct
from warehouse.stores.tables import ledger_act

CLERK = Actor("zhang")


def act(stores, what, period="2026H1", child="c1", also=(), reason="核实"):
    ledger.add(stores, CLERK, LedgerAct(period, child, "hardship", what, date(2026, 7, 1), reason), also)


def test_acts_are_read_in_the_order_of_writing_and_no_later_than_the_period(stores):
    act(stores, "open")
    act(stores, "close", period="2026H2")
    assert [row["act"] for row in ledger.read_until(stores, "2026H1").to_pylist()] == ["open"]
    both = ledger.read_until(stores, "2026H2").to_pylist()
    assert [(row["period"], row["act"], row["acted_on"]) for row in both] == [
        ("2026H1", "open", date(2026, 7, 1)),
        ("2026H2", "close", date(2026, 7, 1)),
    ]


def test_no_acts_are_an_empty_table_with_its_columns(stores):
    found = ledger.read_until(stores, "2026H1")
    assert found.num_rows == 0
    assert found.column_names == ["act_id", "period", "child_id", "category", "act", "acted_on", "reason"]


def test_an_act_follows_that_of_any_of_a_childs_ids(stores):
    act(stores, "open", child="c1")
    with pytest.raises(ActOutOfTurn):
        act(stores, "review", child="c2")
    act(stores, "review", child="c2", also=["c1"])
    both = ledger.of_children(stores, ["c1", "c2"])
    assert [(each.made.child_id, each.made.act, each.by) for each in both] == [
        ("c1", "open", "zhang"),
        ("c2", "review", "zhang"),
    ]
    assert ledger.since(stores, both[0].id) == both[1:]


@pytest.mark.parametrize(("before", "what"), [((), "review"), (("open",), "open"), (("open", "close"), "review")])
def test_an_act_follows_only_what_it_can(stores, before, what):
    for each in before:
        act(stores, each)
    with pytest.raises(ActOutOfTurn, match=what):
        act(stores, what)
    assert ledger.read_until(stores, "2199H1").num_rows == len(before)


def test_an_act_without_a_reason_is_refused(stores):
    with pytest.raises(WordsRefused, match="reason"):
        act(stores, "open", reason="  ")


def test_an_acts_reason_holds_no_number_of_a_person(stores):
    with pytest.raises(WordsRefused):
        act(stores, "open", reason="见 110105194912310021")
    assert ledger.read_until(stores, "2199H1").num_rows == 0


@pytest.mark.parametrize("change", [sa.update(ledger_act).values(reason="x"), sa.delete(ledger_act)])
def test_nobody_changes_or_removes_an_act(stores, change):
    act(stores, "open")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), stores.begin() as connection:
        connection.execute(change)
