"""Claims keep two people from the same work, and end by themselves."""

import threading
from datetime import timedelta

import pytest

from tests.warehouse.stores.casework import CHEN, LI, WANG
from warehouse.stores import audit, claims
from warehouse.stores.engine import now

PERIOD = "2026H1"


@pytest.fixture
def later(monkeypatch):
    """Let time pass for claims."""

    def pass_by(minutes):
        monkeypatch.setattr(claims, "now", lambda: now() + timedelta(minutes=minutes))

    return pass_by


def test_a_claimed_case_is_told_to_be_whose(stores):
    assert claims.take(stores, LI, PERIOD, 7).steward == "li"
    found = claims.take(stores, WANG, PERIOD, 7)
    assert (found.steward, found.until > now()) == ("li", True)


def test_ones_own_claim_goes_on(stores, later):
    first = claims.take(stores, LI, PERIOD, 7)
    later(5)
    assert claims.take(stores, LI, PERIOD, 7).until > first.until


def test_a_claim_ends_when_its_time_is_over(stores, later):
    claims.take(stores, LI, PERIOD, 7)
    later(claims.MINUTES + 1)
    assert claims.read(stores, PERIOD) == []
    assert claims.take(stores, WANG, PERIOD, 7).steward == "wang"


def test_the_first_case_that_nobody_holds_is_given(stores):
    assert claims.take_first(stores, LI, PERIOD, [1, 2, 3]).case_id == 1
    assert claims.take_first(stores, WANG, PERIOD, [1, 2, 3]).case_id == 2
    assert claims.take_first(stores, CHEN, PERIOD, [1, 2]) is None
    assert claims.take_first(stores, CHEN, PERIOD, []) is None


def test_a_claim_given_up_is_free(stores):
    claims.take(stores, LI, PERIOD, 7)
    claims.release(stores, WANG, PERIOD, 7)  # not hers
    assert [each.steward for each in claims.read(stores, PERIOD)] == ["li"]
    claims.release(stores, LI, PERIOD, 7)
    assert claims.read(stores, PERIOD) == []


def test_a_supervisor_hands_a_case_over_and_it_is_audited(stores):
    claims.take(stores, LI, PERIOD, 7)
    claims.hand_over(stores, CHEN, PERIOD, 7, "wang")
    assert claims.take(stores, LI, PERIOD, 7).steward == "wang"
    assert [(row.actor, row.act) for row in audit.read(stores)] == [("chen", "case handed over")]


def test_many_at_once_never_get_the_same_case(stores):
    got = []

    def take(steward):
        for _ in range(5):
            got.append(claims.take_first(stores, steward, PERIOD, range(40)).case_id)
            claims.release(stores, steward, PERIOD, -1)

    people = [type(LI)(f"p{number}") for number in range(4)]
    threads = [threading.Thread(target=take, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = claims.read(stores, PERIOD)
    assert len({each.case_id for each in held}) == len(held) == 4
    assert len(got) == 20
