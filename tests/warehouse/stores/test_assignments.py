"""Whose cases are, who is away, and since when cases are asked."""

from datetime import date, timedelta

import pytest

from tests.warehouse.stores.casework import CHEN, LI
from warehouse.stores import asked_cases, assignments, audit
from warehouse.stores.assignments import Absence, AbsenceFault
from warehouse.stores.engine import now

PERIOD = "2026H1"
DAY = date(2026, 8, 3)


def away(username, deputy, first=1, last=9):
    return Absence(username, deputy, date(2026, 8, first), date(2026, 8, last))


def test_the_last_assignment_of_a_case_holds_and_is_in_the_audit(stores):
    assignments.assign(stores, CHEN, PERIOD, [7, 8], "li")
    assignments.assign(stores, CHEN, PERIOD, [8], None)
    found = {each.case_id: each.assignee for each in assignments.read(stores, PERIOD)}
    assert found == {7: "li", 8: None}
    newest = assignments.read(stores, PERIOD)[-1].id
    assert assignments.read(stores, PERIOD, newest) == []
    assert [row.actor for row in audit.read(stores, act="cases assigned")] == ["chen", "chen"]


def test_who_is_away_is_stood_in_for_and_whoever_stands_in_may_be_away_too():
    known = {"li": away("li", "wang"), "wang": away("wang", "zhao", 3, 3)}
    assert assignments.stands_in("li", known, DAY) == "zhao"
    assert assignments.stands_in("li", known, date(2026, 8, 4)) == "wang"
    assert assignments.stands_in("li", known, date(2026, 8, 10)) == "li"
    assert assignments.stands_in(None, known, DAY) is None


@pytest.mark.parametrize("deputy", [None, "wang"])
def test_where_all_are_away_a_case_is_anybodys(deputy):
    known = {"li": away("li", deputy), "wang": away("wang", "li")}
    assert assignments.stands_in("li", known, DAY) is None


def test_what_was_last_said_of_an_absence_holds(stores):
    assignments.set_away(stores, LI, away("li", "wang"))
    assignments.set_away(stores, LI, away("li", "wang", 1, 2))
    assert assignments.absences(stores) == {"li": away("li", "wang", 1, 2)}


@pytest.mark.parametrize(("made", "why"), [(away("li", "li"), "own_deputy"), (away("li", None, 5, 4), "backwards")])
def test_nobody_is_away_backwards_or_stands_in_for_themselves(stores, made, why):
    with pytest.raises(AbsenceFault) as refused:
        assignments.set_away(stores, LI, made)
    assert refused.value.why == why
    assert assignments.absences(stores) == {}


def test_a_case_is_asked_since_the_first_run_that_asked_it(stores):
    first, later = now() - timedelta(days=40), now()
    assert asked_cases.since(stores, PERIOD, [7, 8], first) == {7: first, 8: first}
    assert asked_cases.since(stores, "2026H2", [8, 9], later) == {8: first, 9: later}
    assert asked_cases.since(stores, PERIOD, [], later) == {}
