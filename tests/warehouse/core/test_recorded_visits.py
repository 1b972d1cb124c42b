"""A visit that somebody recorded in the web app counts like one that a feed delivered, about the child it names."""

from datetime import date

import duckdb
import pytest

from tests.warehouse.core.town import Town, hand_on

VISITS = "civil_affairs/field_visit"
JUNE = date(2026, 6, 1)


def town(period="2026H1", **more):
    made = Town(period, **more)
    made.entry("c1", "hukou", hukou="420502")
    made.entry("c1", "registration", hukou="420502", lives="429006", residence_since=date(2024, 3, 1))
    return made


def settle(made, earlier=None):
    con = duckdb.connect()
    prior = {} if earlier is None else hand_on(earlier, con)
    return made.settle(con, prior, rooms=["core", "care"])


def asked(con, query):
    return con.execute(query).fetchall()


def test_a_visit_proposes_for_the_ledger_and_is_the_last_visit():
    made = town()
    made.recorded_visit("c1", JUNE, in_hardship=True)
    con = settle(made)
    assert asked(con, "select category, state, evidence from care.key_care") == [
        ("hardship", "proposed", "recorded_visit/1")
    ]
    assert asked(con, "select last_visit_on, due_on > last_visit_on, evidence from care.visit_due") == [
        (JUNE, True, "recorded_visit/1")
    ]


def test_where_a_visit_found_the_child_living_is_the_strongest_claim():
    made = town()
    made.recorded_visit(
        "c1", JUNE, residence_division_code="429005001", residence_since=date(2026, 5, 1), living_with="mother"
    )
    con = settle(made)
    chosen = "select codes, township, source, entry, living_with from core.residence where is_chosen"
    assert asked(con, chosen) == [(["429005"], "429005001", "visit_this_period", "recorded_visit/1", "mother")]


def test_a_visit_where_nobody_asked_for_the_place_moves_no_child():
    made = town()
    made.recorded_visit("c1", JUNE, living_with="nobody")
    con = settle(made)
    assert asked(con, "select codes, source from core.residence where is_chosen") == [(["429006"], "registration")]
    assert asked(con, "select category from care.key_care") == [("lacks_guardianship",)]


def test_where_an_emergency_happened_is_told():
    made = town()
    made.recorded_visit("c1", JUNE, emergency_division_code="429005001")
    assert asked(settle(made), "select emergency_codes from core.visit") == [(["429005"],)]
    assert asked(settle(made), "select emergency_county from care.service_fact") == [("429005",)]


def test_a_visit_to_a_merged_child_is_its_heirs():
    made = town(redirects=(("c0", "c1"),))
    made.recorded_visit("c0", JUNE, in_hardship=True)
    assert asked(settle(made), "select child_id, visited_on from core.visit") == [("c1", JUNE)]


def test_a_visit_that_was_delivered_too_is_one():
    made = town()
    made.entry("c1", "visit", visited_on=JUNE, visit_kind="in_home")
    made.recorded_visit("c1", JUNE)
    made.recorded_visit("c1", JUNE, visit_kind="phone")
    found = asked(settle(made), "select visit_kind, entry like 'recorded_visit/%' from core.visit order by all")
    assert found == [("in_home", False), ("phone", True)]


@pytest.mark.parametrize(("missing", "in_force"), [((), False), ((VISITS,), True)])
def test_a_visit_is_told_once_in_every_later_period_and_stands_as_long_as_a_delivered_one(missing, in_force):
    first = town()
    first.recorded_visit("c1", JUNE, in_hardship=True)
    later = town("2026H2", missing=frozenset(missing))
    later.recorded_visit("c1", JUNE, in_hardship=True)
    con = settle(later, settle(first))
    told = "select from_period, carried_periods, is_in_force from core.visit"
    assert asked(con, told) == [("2026H1", 1, in_force)]
    assert bool(asked(con, "from care.key_care")) is in_force


def test_a_visit_that_was_taken_back_is_gone_with_the_next_run():
    first = town()
    first.recorded_visit("c1", JUNE, residence_division_code="429005")
    con = settle(town("2026H2", missing=frozenset([VISITS])), settle(first))
    assert asked(con, "from core.visit") == []
    assert asked(con, "select codes from core.residence where is_chosen") == [(["429006"],)]
