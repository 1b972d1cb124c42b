"""A model version is trained once and holds: later periods score by it until somebody trains another."""

import math
from datetime import date, timedelta

import duckdb
import pytest

from matching import linkage, model, retraining
from matching.training import trained_model
from tests.matching.standing import MAY_DAY, Decision, Entry, Guardian, citizen_no, write_std

MODEL = model.load()
SCHOOL, HEALTH, INSURANCE = "education.enrolment", "health.child_health", "medical_insurance.enrolment"
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄", ("安", "平", "子涵", "浩然", "雨桐", "建国", "欣怡")


def _county(children: int, first: int = 0) -> list[Entry]:
    """Three entries a child, a number in two of them."""
    entries = []
    for child in range(first, first + children):
        born_on = MAY_DAY + timedelta(days=child * 3)
        name = _SURNAMES[child % 8] + _GIVEN[child % 7]
        number = citizen_no(born_on, child % 99 + 1)
        mother = Guardian(_SURNAMES[child % 5] + "芳", phone=f"139{child:08d}")
        entries += [
            Entry(name, SCHOOL, born_on=born_on, citizen_no=number, guardians=(mother,)),
            Entry(name, HEALTH, born_on=born_on, guardians=(mother,)),
            Entry(name, INSURANCE, born_on=born_on, citizen_no=number),
        ]
    return entries


def _trained_on(entries: list[Entry]) -> duckdb.DuckDBPyConnection:
    """A first period, whose model version ``prior`` then holds."""
    con = duckdb.connect()
    write_std(con, entries)
    linkage.link(con, MODEL, "2026H1")
    _hand_on(con)
    return con


def _hand_on(con: duckdb.DuckDBPyConnection) -> None:
    for table in trained_model.TABLES:
        con.execute(f"create or replace table prior.{table} as from link.{table}")


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"select * from link.{table} order by all").fetchall()


def test_a_first_period_trains_and_says_so():
    con = _trained_on(_county(30))
    said = dict(con.execute("select item, value from link.quality where subject = 'model version'").fetchall())
    assert said == {trained_model.version_of(con): 1.0, "trained on this period": 1.0}
    assert trained_model.version_of(con).startswith(f"{MODEL.version}/2026H1/")


def test_the_same_period_again_by_its_own_version_is_the_same_row_for_row():
    con = _trained_on(_county(30))
    tables = ("scored_pair", "pattern", "cluster", "review_pair", *trained_model.TABLES)
    before = {table: _rows(con, table) for table in tables}
    linkage.link(con, MODEL, "2026H1")
    assert {table: _rows(con, table) for table in tables} == before


def test_a_later_period_keeps_weights_and_frequencies_and_version():
    con = _trained_on(_county(30))
    before = {table: _rows(con, table) for table in trained_model.TABLES}
    write_std(con, _county(12, first=25))
    linkage.link(con, MODEL, "2026H2")
    assert {table: _rows(con, table) for table in trained_model.TABLES} == before
    said = con.execute("select value from link.quality where item = 'trained on this period'").fetchall()
    assert said == [(0.0,)]


def test_a_pair_that_did_not_change_keeps_its_score_whoever_comes_beside_it():
    con = _trained_on(_county(30))
    scores = "select score from link.scored_pair order by left_profile, right_profile limit 3"
    before = con.execute(scores).fetchall()
    write_std(con, _county(30) + [Entry(name, HEALTH) for name in ("王安", "王子涵") * 40])
    linkage.link(con, MODEL, "2026H2")
    assert con.execute(scores).fetchall() == before


def test_a_name_the_version_never_saw_is_held_for_one_childs_own():
    con = _trained_on(
        _county(30)
        + [Entry("王安", HEALTH, born_on=None, guardians=(Guardian(phone=f"138{place:08d}"),)) for place in range(99)]
    )
    write_std(con, [Entry("欧阳春晓", HEALTH), Entry("欧阳春晓", SCHOOL)])
    linkage.link(con, MODEL, "2026H2")
    ((level, rarity),) = con.execute("select name, name_rarity from link.pattern").fetchall()
    seen_by_chance = con.execute("select other from link.level_weight where (field, level) = ('name', 'equal')")
    own = 0.5 / MODEL.estimation.population_at_least
    assert (level, rarity) == ("equal", min(7, round(math.log2(seen_by_chance.fetchall()[0][0] / own))))
    assert rarity > 0


def test_retraining_makes_a_new_version_and_tells_what_it_would_move():
    con = _trained_on(_county(30))
    held = trained_model.version_of(con)
    write_std(con, _county(60))
    linkage.link(con, MODEL, "2026H2", retrain=True)
    moved = dict(con.execute("select item, value from link.quality where step = ?", [retraining.STEP]).fetchall())
    assert {"merged", "split"} <= set(moved)
    assert trained_model.version_of(con) != held
    assert trained_model.version_of(con).startswith(f"{MODEL.version}/2026H2/")


def test_what_moves_is_counted_by_band_and_by_child():
    con = _trained_on(_county(30))
    # a version under which nothing is ever evidence: no pair it had could be linked
    con.execute("update prior.level_weight set same = other, household = other")
    linkage.link(con, MODEL, "2026H2", retrain=True)
    moved = dict(con.execute("select item, value from link.quality where step = ?", [retraining.STEP]).fetchall())
    linked = con.execute("select count(*) from link.scored_pair where band = 'link'").fetchall()[0][0]
    assert sum(many for item, many in moved.items() if item.endswith(" to link")) == linked > 0
    assert moved["merged"] == 30
    assert moved["split"] == 0


def test_nothing_moves_in_a_first_period():
    con = duckdb.connect()
    write_std(con, _county(10))
    linkage.link(con, MODEL, "2026H1", retrain=True)
    assert con.execute("select count(*) from link.quality where step = ?", [retraining.STEP]).fetchall() == [(0,)]


def test_a_version_with_other_levels_is_refused_by_name_and_says_what_to_do():
    con = _trained_on(_county(10))
    con.execute("update prior.level_weight set level = 'alike' where field = 'name' and level = 'swapped'")
    with pytest.raises(trained_model.ModelOutgrown, match=r"name\.alike.*name\.swapped.*--retrain"):
        linkage.link(con, MODEL, "2026H2")


def test_retraining_a_version_with_other_levels_says_that_it_cannot_be_compared():
    con = _trained_on(_county(10))
    con.execute("update prior.level_weight set level = 'alike' where field = 'name' and level = 'swapped'")
    linkage.link(con, MODEL, "2026H2", retrain=True)
    moved = con.execute("select subject, item, value from link.quality where step = ?", [retraining.STEP]).fetchall()
    assert moved == [("levels", "changed", 2.0)]


def test_a_missing_birth_date_is_counted_as_it_was():
    nobody = [Entry(name, HEALTH, born_on=None) for name in ("王安", "李平")]
    con = _trained_on([*_county(5), *nobody])
    kept = trained_model.frequencies(con)["birth"]
    days = con.execute("select count(distinct born_on) from link.profile").fetchall()[0][0]
    assert len(kept.values) == days + 1
    assert kept.profiles.sum() == con.execute("select count(*) from link.profile").fetchall()[0][0]


def test_the_day_of_a_frequency_is_the_profiles_own():
    con = _trained_on([Entry(born_on=date(1970, 1, 11)), Entry(source=HEALTH, born_on=date(1970, 1, 11))])
    kept = trained_model.frequencies(con)["birth"]
    assert (kept.values.tolist(), kept.profiles.tolist()) == ([10], [2])


def test_what_people_judged_moves_the_weights_of_the_version_trained_then():
    entries = _county(120)
    renamed = [
        Entry("赵" + "欧阳"[place % 2] + "明", INSURANCE, born_on=entry.born_on, guardians=entry.guardians)
        for place, entry in enumerate(entries[1::3])
    ]
    places = range(len(entries), len(entries) + len(renamed))
    pairs = [(3 * child + 1, place) for child, place in enumerate(places)]

    def share_of_other_names(judgement: str | None) -> float:
        con = duckdb.connect()
        said = tuple(Decision(left, right, judgement) for left, right in pairs) if judgement else ()
        write_std(con, entries + renamed, said)
        linkage.link(con, MODEL, "2026H1")
        found = con.execute(
            "select same from link.level_weight where (field, level) = ('name', 'different')"
        ).fetchall()
        return float(found[0][0])

    assert share_of_other_names("different") < share_of_other_names(None) < share_of_other_names("same")
