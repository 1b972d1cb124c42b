"""Why there are more or fewer migrant children than in the last period: one cause a child, told from its facts."""

from datetime import date

import duckdb
import pytest

from tests.warehouse.core.town import Town

TABLES = (("core", "child"), ("core", "hukou"), ("core", "residence"), ("care", "migrant_status"), ("mart", "rule"))
LONG_AGO = date(2024, 3, 1)


def town(period, child="c1", *, hukou="420502", lives="429006", since=LONG_AGO, born=date(2016, 5, 1), **more):
    """A town with one child beside a bystander: a migrant child but for the facts given."""
    made = Town(period, **more)
    made.entry("bystander", "hukou", hukou="429006")
    if hukou:
        made.entry(child, "hukou", hukou=hukou, born=born)
    made.entry(child, "registration", hukou=hukou, lives=lives, residence_since=since, born=born)
    return made


def nobody(period):
    made = Town(period)
    made.entry("bystander", "hukou", hukou="429006")
    return made


def after(first, now):
    """Settle a town in the period after ``first``, a connection that the earlier one was settled on."""
    con = duckdb.connect()
    for room, table in TABLES:
        con.register(f"earlier_{table}", first.execute(f"select * from {room}.{table}").to_arrow_table())
    return now.settle(con, {table: f"earlier_{table}" for _, table in TABLES})


def changes(then, now):
    """Direction, cause and detail of each child's change from one town to the next."""
    con = after(then.settle(duckdb.connect()), now)
    return con.execute("select direction, cause, detail from care.status_change order by earlier_child_id").fetchall()


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ({}, {}, ("stayed", "stayed", "stayed")),
        ({"born": date(2010, 8, 1)}, {"born": date(2010, 8, 1)}, ("out", "came_of_age", "turned_of_age")),
        ({"born": date(2010, 8, 1)}, {"born": date(2009, 8, 1)}, ("out", "corrected", "facts_corrected")),
        ({"since": date(2026, 3, 1)}, {"since": date(2026, 3, 1)}, ("in", "time", "months_completed")),
        ({"since": date(2026, 3, 1)}, {}, ("in", "corrected", "facts_corrected")),
        ({"hukou": "429006"}, {}, ("in", "moved", "hukou_moved")),
        ({}, {"hukou": "429006"}, ("out", "moved", "hukou_moved")),
        ({"lives": "420502"}, {}, ("in", "moved", "residence_moved")),
        ({}, {"lives": "411724"}, ("moved", "moved", "residence_moved")),
        ({"hukou": None}, {}, ("in", "feed", "place_told_or_untold")),
        ({}, {"hukou": None}, ("out", "feed", "place_told_or_untold")),
    ],
)
def test_a_change_is_told_by_its_first_cause(then, now, told):
    assert changes(town("2026H1", **then), town("2026H2", **now)) == [told]


def test_a_child_that_no_department_knew_before_or_knows_now():
    assert changes(nobody("2026H1"), town("2026H2")) == [("in", "feed", "first_known")]
    assert changes(town("2026H1"), nobody("2026H2")) == [("out", "feed", "no_longer_known")]


def test_facts_that_stand_under_another_rule_are_the_doing_of_the_rule():
    """Ten years of age were too old for a rule that asked for under ten: the child comes in by the rule."""
    first = town("2026H1").settle(duckdb.connect())
    first.execute("update care.migrant_status set status = 'out_of_age' where child_id = 'c1'")
    first.execute("update mart.rule set younger_than_years = 10")
    con = after(first, town("2026H2"))
    assert con.execute("select direction, cause from care.status_change").fetchall() == [("in", "rule")]


def test_an_id_merged_into_another_is_a_loss_by_linkage():
    then = town("2026H1")
    then.entry("c2", "hukou", hukou="420503", name="乙")
    then.entry("c2", "registration", hukou="420503", lives="429006", residence_since=LONG_AGO, name="乙")
    now = town("2026H2", events=(("c2", "merge", "c1"),))
    assert changes(then, now) == [("stayed", "stayed", "stayed"), ("out", "linkage", "merged_into_another")]


def test_a_merge_that_a_steward_decided_is_told_as_the_stewards():
    then = town("2026H1")
    then.entry("c2", "registration", hukou="420503", lives="429006", residence_since=LONG_AGO, name="乙")
    now = town("2026H2", events=(("c2", "merge", "c1"),))
    now.rows["link.entry_child"] = [(at, row | {"how": "steward"}) for at, row in now.rows["link.entry_child"]]
    assert changes(then, now)[1] == ("out", "steward", "merged_into_another")


def test_a_child_parted_from_another_comes_in_by_linkage():
    now = town("2026H2")
    now.entry("c2", "hukou", hukou="420503", name="乙")
    now.entry("c2", "registration", hukou="420503", lives="429006", residence_since=LONG_AGO, name="乙")
    now.events = (("c2", "split", "c1"),)
    assert changes(town("2026H1"), now) == [("stayed", "stayed", "stayed"), ("in", "linkage", "ids_regrouped")]


@pytest.mark.parametrize("how", ["number", "steward"])
def test_a_period_built_again_tells_of_merges_and_splits_what_its_first_build_told(how):
    """The register holds them by then: this build finds them done, and tells of no event."""
    then = town("2026H1")
    then.entry("c2", "registration", hukou="420503", lives="429006", residence_since=LONG_AGO, name="乙")
    told = []
    for names in ("events", "events_before"):
        now = town("2026H2", redirects=(("c2", "c1"),) if names == "events_before" else ())
        now.entry("c3", "registration", hukou="420504", lives="429006", residence_since=LONG_AGO, name="丙")
        setattr(now, names, (("c2", "merge", "c1"), ("c3", "split", "c1")))
        now.rows["link.entry_child"] = [(at, row | {"how": how}) for at, row in now.rows["link.entry_child"]]
        told.append(changes(then, now))
    cause = "steward" if how == "steward" else "linkage"
    assert told[0] == told[1]
    assert {each[1:] for each in told[0]} == {
        ("stayed", "stayed"),
        (cause, "merged_into_another"),
        (cause, "ids_regrouped"),
    }


def test_in_every_county_what_was_and_came_less_what_went_is_what_is():
    then = town("2026H1", lives="411724")
    then.entry("c2", "registration", hukou="420502", lives="411724", residence_since=LONG_AGO)
    now = town("2026H2")
    now.entry("c2", "registration", hukou="420502", lives="411724", residence_since=LONG_AGO)
    first = then.settle(duckdb.connect())
    con = after(first, now)
    found = con.execute(
        "select county, direction, sum(children) from mart.migrant_flow group by all order by all"
    ).fetchall()
    assert found == [("411724", "out", 1), ("411724", "stayed", 1), ("429006", "in", 1)]
    statuses = (
        "select residence_codes[1], count(*) from care.migrant_status where status = 'migrant' "
        "group by all order by all"
    )
    assert first.execute(statuses).fetchall() == [("411724", 2)]
    assert con.execute(statuses).fetchall() == [("411724", 1), ("429006", 1)]
