"""Acts on the ledger of key care are signed, ordered, and read as far as a period asks."""

from datetime import date

import pytest
import sqlalchemy as sa

from warehouse.stores import ledger
from warehouse.stores.ledger import ActOutOfTurn, LedgerAct
from warehouse.stores.tables import ledger_act


def act(stores, what, period="2026H1", child="c1", last=None):
    ledger.add(stores, LedgerAct(period, child, "hardship", what, date(2026, 7, 1), "核实"), last)


def test_acts_are_read_in_the_order_of_writing_and_no_later_than_the_period(stores):
    act(stores, "open")
    act(stores, "close", period="2026H2", last="open")
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


def test_the_last_act_is_that_of_any_of_a_childs_ids(stores):
    act(stores, "open", child="c1")
    act(stores, "close", child="c2", last="open")
    assert ledger.last_act(stores, ["c1"], "hardship") == "open"
    assert ledger.last_act(stores, ["c1", "c2"], "hardship") == "close"
    assert ledger.last_act(stores, ["c1"], "vagrant") is None


@pytest.mark.parametrize(("last", "what"), [(None, "review"), ("open", "open"), ("close", "review")])
def test_an_act_follows_only_what_it_can(stores, last, what):
    with pytest.raises(ActOutOfTurn, match=what):
        act(stores, what, last=last)
    assert ledger.read_until(stores, "2199H1").num_rows == 0


def test_an_act_without_a_reason_is_refused(stores):
    with pytest.raises(ValueError, match="reason"):
        ledger.add(stores, LedgerAct("2026H1", "c1", "hardship", "open", date(2026, 7, 1), "  "), None)


@pytest.mark.parametrize("change", [sa.update(ledger_act).values(reason="x"), sa.delete(ledger_act)])
def test_nobody_changes_or_removes_an_act(stores, change):
    act(stores, "open")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), stores.begin() as connection:
        connection.execute(change)
