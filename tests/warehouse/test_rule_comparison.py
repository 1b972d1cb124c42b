"""A published town's children under other rules: who differs, by which clause, and that nothing published changes."""

import shutil
from datetime import date

import duckdb
import pytest

from policy.period import Period
from policy.rule_file import RuleFile
from policy.rules import Rules, committed
from tests.warehouse.core.town import Town
from warehouse import recomputed, releases
from warehouse.home import Home
from warehouse.releases import ReleaseTooOld
from warehouse.rule_comparison import compare
from warehouse.store import Warehouse

PERIOD = Period("2026H1")
DONGCHENG, XICHENG, TONGZHOU = "110101", "110102", "110112"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Children who moved within Beijing's centre, out of it, and just before the half-year was up."""
    town = Town(str(PERIOD))
    for child, hukou, lives, since in (
        ("within the centre", DONGCHENG, XICHENG, date(2024, 9, 1)),
        ("out of the centre", DONGCHENG, TONGZHOU, date(2024, 9, 1)),
        ("at home", XICHENG, XICHENG, date(2024, 9, 1)),
        ("since four months", DONGCHENG, TONGZHOU, date(2026, 3, 1)),
        ("within Lhasa", "540102", "540103", date(2024, 9, 1)),
    ):
        town.entry(child, "hukou", hukou=hukou)
        town.entry(child, "registration", hukou=hukou, lives=lives, residence_since=since)
    home = tmp_path_factory.mktemp("town") / "home"
    town.publish(home)
    return Warehouse(home)


def statuses(differing):
    return {row["child_id"]: (row["one_status"], row["other_status"]) for row in differing.to_pylist()}


def test_children_differ_exactly_where_the_clauses_differ(house):
    found = compare(house, PERIOD, "110000", "429006")
    assert found.children == 5
    assert statuses(found.differing) == {"within the centre": ("excluded_city_centre", "migrant")}
    (counted,) = found.counts
    assert counted[:2] == ("excluded_city_centre", "migrant")
    assert counted[2] != counted[3]
    assert counted[4] == 1


CENTRE, MIGRANT = "excluded_city_centre", "migrant"


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        ("110000", "429006", {"within the centre": (CENTRE, MIGRANT)}),
        ("110000", "540000", {"within the centre": (CENTRE, MIGRANT), "within Lhasa": (MIGRANT, CENTRE)}),
        ("540000", "429006", {"within Lhasa": (CENTRE, MIGRANT)}),
    ],
)
def test_three_files_differ_only_in_whose_districts_are_one_centre(house, one, other, differing):
    assert statuses(compare(house, PERIOD, one, other).differing) == differing


def test_a_rule_beside_itself_differs_for_nobody(house):
    assert compare(house, PERIOD, "540000", "540000").differing.num_rows == 0


def test_a_shorter_stay_counts_only_where_the_file_says_so(house):
    def shorter(file: RuleFile) -> RuleFile:
        (rule,) = file.migrant_child
        months = {"value": 3, "clause": rule.clause, "effect": "e"}
        stated = rule.model_dump(by_alias=True, exclude_none=True) | {"away_at_least_months": months}
        stated["in_force"] = {name: day and str(day) for name, day in rule.in_force.model_dump(by_alias=True).items()}
        return file.model_copy(update={"migrant_child": (type(rule).model_validate(stated),)})

    rules = Rules([shorter(file) if file.jurisdiction.code == "429006" else file for file in committed()])
    found = compare(house, PERIOD, "110000", "429006", rules)
    assert statuses(found.differing)["since four months"] == ("under_six_months", "migrant")


def test_nothing_published_changes(house):
    def published():
        with house.read_published(PERIOD) as con:
            return con.execute("select child_id, status, rule_id from care.migrant_status order by all").fetchall()

    before = published()
    compare(house, PERIOD, "110000", "000000")
    assert published() == before


def test_what_rests_on_a_changed_table_is_made_again_in_order():
    again = recomputed.dependents(frozenset({"policy.migrant_rule"}), "care.migrant_status")
    assert again.index("core.residence") < again.index("care.migrant_status")
    assert "core.guardian" not in again


def test_of_a_period_that_another_version_built_it_says_to_run_it_again(house, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(house.home.root, home, symlinks=True)
    place = Home.at(home)
    file = releases.folder(place, releases.in_force(place).number) / f"{PERIOD}.duckdb"
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute("alter table std.place drop column codes")
    with Warehouse(home) as other, pytest.raises(ReleaseTooOld, match=r"codes.*Run the period again"):
        compare(other, PERIOD, "110000", "429006")
