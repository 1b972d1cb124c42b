"""Full identifiers for a time: asked by one, given by another."""

from datetime import timedelta

import pytest

from tests.warehouse.stores.casework import CHEN, LI
from warehouse.stores import audit, grants
from warehouse.stores.engine import now
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.grants import GrantFault


def ask(stores, minutes=60):
    return grants.request(stores, LI, ("429006",), minutes, "check the school's list")


def test_nothing_holds_before_somebody_approved(stores):
    number = ask(stores)
    assert grants.holding(stores, "li") == []
    assert [grant.id for grant in grants.read(stores, open_only=True)] == [number]


def test_it_holds_from_the_approval_until_its_time_is_over(stores, monkeypatch):
    number = ask(stores)
    grant = grants.answer(stores, CHEN, number, approve=True, reason="once")
    assert (grant.answered_by, grant.counties, grant.holds(now())) == ("chen", ("429006",), True)
    assert [each.id for each in grants.holding(stores, "li")] == [number]
    assert grants.holding(stores, "wang") == []
    monkeypatch.setattr(grants, "now", lambda: now() + timedelta(minutes=61))
    assert grants.holding(stores, "li") == []
    assert not grant.holds(grants.now())


def test_refused_it_never_holds(stores):
    grants.answer(stores, CHEN, ask(stores), approve=False, reason="not needed")
    assert grants.holding(stores, "li") == []
    assert grants.read(stores, open_only=True) == []


def test_nobody_answers_their_own_request(stores):
    with pytest.raises(GrantFault, match="their own"):
        grants.answer(stores, LI, ask(stores), approve=True, reason="trust me")


def test_it_is_answered_once(stores):
    number = ask(stores)
    grants.answer(stores, CHEN, number, approve=False, reason="no")
    with pytest.raises(GrantFault, match="answered before"):
        grants.answer(stores, CHEN, number, approve=True, reason="yes")


@pytest.mark.parametrize("minutes", [0, grants.LONGEST + 1])
def test_its_time_has_bounds(stores, minutes):
    with pytest.raises(GrantFault, match="minutes"):
        ask(stores, minutes)


def test_it_needs_counties_a_purpose_and_a_request(stores):
    with pytest.raises(GrantFault, match="counties"):
        grants.request(stores, LI, (), 5, "why")
    with pytest.raises(WordsRefused):
        grants.request(stores, LI, ("429006",), 5, " ")
    with pytest.raises(GrantFault, match="No such"):
        grants.answer(stores, CHEN, 99, approve=True, reason="why not")


def test_asking_and_answering_are_audited(stores):
    grants.answer(stores, CHEN, ask(stores), approve=True, reason="once")
    assert [(row.actor, row.act) for row in audit.read(stores)] == [("chen", "grant approved"), ("li", "grant asked")]
