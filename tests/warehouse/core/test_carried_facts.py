"""A feed that didn't come is not a child that left: what stands for how long, and what doesn't."""

from datetime import date

import duckdb

from tests.warehouse.core.town import Town, hand_on

REGISTRATIONS = "public_security/residence"
HUKOU = "public_security/hukou"


def after(earlier, town):
    """Settle a town in the period after ``earlier``, a connection that an earlier period was settled on."""
    con = duckdb.connect()
    prior = {} if earlier is None else hand_on(earlier, con)
    return town.settle(con, prior, rooms=["core", "care"])


def half_year(period, missing=(), earlier=None, redirects=()):
    """A period of a town: ``c1`` known to all, ``c2`` to the registrations only. Returns a connection after it."""
    town = Town(period, missing=frozenset(missing), redirects=tuple(redirects))
    if HUKOU not in missing:
        town.entry("c1", "hukou", hukou="420502")
    if REGISTRATIONS not in missing:
        town.entry("c1", "registration", hukou="420502", lives="429006", residence_since=date(2024, 3, 1))
        town.entry("c2", "registration", hukou="420503", lives="429006", residence_since=date(2024, 3, 1))
    return after(earlier, town)


def statuses(con):
    return dict(con.execute("select child_id, status from care.migrant_status").fetchall())


def test_facts_of_a_table_that_did_not_come_stand_for_two_periods_and_no_longer():
    first = half_year("2026H1")
    second = half_year("2026H2", missing=[REGISTRATIONS], earlier=first)
    third = half_year("2027H1", missing=[REGISTRATIONS], earlier=second)
    fourth = half_year("2027H2", missing=[REGISTRATIONS], earlier=third)
    assert statuses(first) == {"c1": "migrant", "c2": "migrant"}
    assert statuses(second) == {"c1": "migrant", "c2": "migrant"}
    assert statuses(third) == {"c1": "migrant", "c2": "migrant"}
    assert statuses(fourth) == {"c1": "undetermined"}


def test_a_carried_fact_says_from_which_period_it_is_and_how_old():
    second = half_year("2026H2", missing=[REGISTRATIONS], earlier=half_year("2026H1"))
    third = half_year("2027H1", missing=[REGISTRATIONS], earlier=second)
    found = third.execute("select from_period, carried_periods, seen_on from core.residence where child_id = 'c2'")
    assert found.fetchall() == [("2026H1", 2, date(2026, 6, 30))]
    reasons = third.execute("select reasons from care.migrant_status where child_id = 'c2'").fetchall()[0][0]
    assert {"residence_carried_2", "hukou_carried_2"} <= set(reasons)


def test_carried_facts_make_a_status_less_sure():
    first = half_year("2026H1")
    second = half_year("2026H2", missing=[REGISTRATIONS], earlier=first)
    ask = "select confidence from care.migrant_status where child_id = 'c2'"
    assert second.execute(ask).fetchall()[0][0] < first.execute(ask).fetchall()[0][0]


def test_a_child_is_not_carried_by_a_table_that_came_without_it():
    earlier = half_year("2026H1")
    town = Town("2026H2")
    town.entry("c1", "hukou", hukou="420502")
    con = after(earlier, town)
    assert statuses(con) == {"c1": "undetermined"}


def test_a_carried_child_keeps_what_was_known_of_it():
    second = half_year("2026H2", missing=[REGISTRATIONS], earlier=half_year("2026H1"))
    ask = "select name, born_on, is_carried, entries, known_to from core.child where child_id = 'c2'"
    assert second.execute(ask).fetchall() == [("童c2", date(2016, 5, 1), True, 0, ["public_security/residence@2026H1"])]


def test_carried_facts_follow_a_merged_id():
    second = half_year("2026H2", [REGISTRATIONS], half_year("2026H1"), redirects=[("c2", "c1")])
    assert statuses(second) == {"c1": "migrant"}


def test_a_period_left_out_counts_as_age():
    second = half_year("2027H2", missing=[REGISTRATIONS], earlier=half_year("2026H1"))
    assert statuses(second) == {"c1": "undetermined"}


def test_two_weaker_sources_that_agree_outweigh_a_stronger_one_older_than_the_period():
    first = half_year("2026H1")
    town = Town("2026H2", missing=frozenset([REGISTRATIONS]))
    town.entry("c1", "enrolment", lives="420502", enrolled_in=date(2026, 9, 1))
    town.entry("c1", "insurance", lives="420502", insured_on=date(2026, 9, 1))
    town.entry("c2", "enrolment", lives="420502", enrolled_in=date(2026, 9, 1))
    con = after(first, town)
    chosen = con.execute("select child_id, county, reason from core.residence where is_chosen order by 1").fetchall()
    assert chosen == [("c1", "420502", "two_newer_agree"), ("c2", "429006", "strongest_source")]


def test_residing_since_is_remembered_from_period_to_period():
    first = half_year("2026H1")
    town = Town("2026H2")
    town.entry("c1", "hukou", hukou="420502")
    town.entry("c1", "registration", lives="429006", residence_since=date(2026, 8, 1))  # registered anew
    con = after(first, town)
    found = con.execute("select residing_since, since_shown_by from core.residence where is_chosen").fetchall()
    assert found == [(date(2024, 3, 1), "earlier_period")]
