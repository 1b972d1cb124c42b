"""Which children somebody looks after: the newest word on a child and a user holds, until its day."""

from datetime import date

import pytest

from tests.warehouse.stores.casework import CHEN
from warehouse.stores import audit, entrusted
from warehouse.stores.entrusted import Entrusted
from warehouse.stores.free_text import WordsRefused

DAY = date(2026, 8, 3)
CHILD, OTHER = "c" + "a" * 13, "c" + "b" * 13


def entrust(stores, child=CHILD, username="hua", until=date(2026, 8, 9), reason="走访"):
    entrusted.entrust(stores, CHEN, Entrusted(child, username, until, reason, ""), "token")


def test_a_child_is_somebodys_until_the_day(stores):
    entrust(stores)
    entrust(stores, OTHER, until=date(2026, 8, 2))
    assert [each.child_id for each in entrusted.of(stores, "hua", DAY)] == [CHILD]
    assert [(each.username, each.assigned_by) for each in entrusted.of_child(stores, CHILD, DAY)] == [("hua", "chen")]
    assert entrusted.of(stores, "hua", date(2026, 8, 10)) == []


def test_a_child_is_taken_back_by_a_day_that_is_past(stores):
    entrust(stores)
    entrust(stores, until=date(2026, 8, 1))
    assert entrusted.of(stores, "hua", DAY) == []
    assert [row.subject for row in audit.read(stores, act="child assigned")] == ["token", "token"]


def test_it_needs_a_reason(stores):
    with pytest.raises(WordsRefused):
        entrust(stores, reason=" ")
