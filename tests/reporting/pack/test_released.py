"""Reports that left one after another: whoever keeps them all can solve for no few children."""

import json
from collections import defaultdict
from datetime import date
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from policy.period import Period
from reporting.pack import report
from reporting.pack.disclosure import SMALL
from reporting.pack.recovery import LEAST_LEFT
from tests.warehouse.core.town import Town
from warehouse.home import Home
from warehouse.store import Warehouse
from warehouse.stores import seals

CITY, COUNTIES = "420500", ("420502", "420503", "420504")
ORIGINS = ("420982", "420115", "110105", "510104", "540102")
SAME = {  # columns whose sums, over all rows, are the same children
    "monitoring": {"by_county": ("other_province", "same_province", "same_prefecture"),
                   "by_age_band": ("male", "female", "sex_unknown"), "by_origin_province": ("children",),
                   "trend": ("migrant",)},
    "statistics": {"statistics_by_county": ("across_county", "across_township"),
                   "statistics_by_age": ("male", "female", "sex_unknown"), "statistics_trend": ("children",)},
}  # fmt: skip


def children(seed, many):
    """Year of birth, sex, origin and county of children, few of some and many of others."""
    dice = Random(seed)
    return [
        (dice.choice((2010, 2012, 2013, 2016, 2017, 2020, 2022, 2025)), dice.choice(("male", "female", "female")),
         dice.choices(ORIGINS, (20, 12, 6, 2, 1))[0], dice.choices(COUNTIES, (12, 5, 2))[0])
        for _ in range(many)
    ]  # fmt: skip


def publish(home, living, period="2026H1"):
    town = Town(period, jurisdiction=CITY)
    for number, (year, sex, origin, county) in enumerate(living):
        about = {"hukou": origin, "born": date(year, 3, 1), "sex": sex}
        town.entry(f"c{number}", "hukou", **about)
        town.entry(f"c{number}", "registration", lives=county, residence_since=date(2025, 6, 1), **about)
    town.publish(home)


def let_go(home, place, monkeypatch, pack="half_year"):
    """Make a place's external report and release it, as another user."""
    made = report.make(
        Home.at(home), None, pack, Period("2026H1"), place, external=True, with_unknown=place == CITY
    )  # fmt: skip
    with Warehouse(home) as house:
        monkeypatch.setenv("LOGNAME", "maker")
        report.keep_seal(house.stores, made)
        monkeypatch.setenv("LOGNAME", "checker")
        sealed = next(each for each in seals.read(house.stores) if each.sha256 == made.sha256)
        seals.say(house.stores, sealed, "released", "checked")
    return made


def read(seal):
    """Shown and true cells of a sealed report: figure, place, labels, column, and whether the row is the newest."""
    shown, true = (json.loads(text)["figures"] for text in (seal.figures, seal.counts))
    for name, figure in shown.items():
        labels = [figure["columns"].index(each) for each in figure["labels"]]
        newest = max((row[0] for row in figure["rows"]), default=None)
        behind = {tuple(row[at] for at in labels): row for row in true[name]["rows"]}
        for row in figure["rows"]:
            key = tuple(row[at] for at in labels)
            place = key[0] if name.endswith("by_county") else seal.jurisdiction
            for at, column in enumerate(figure["columns"]):
                if at not in labels and (column != "children" or "male" not in figure["columns"]) and not (
                    column == "children" and name.endswith("by_county")
                ):  # fmt: skip
                    yield name, place, key, column, row[0] == newest, row[at], behind[key][at]


def attack(sealed):
    """What a reader of all reports solves for: of each small hidden count, and of each rest, least and most."""
    counts, low, high, small, equal = {}, [], [], {}, []

    def number(key, least, most):
        if key not in counts:
            counts[key] = len(low)
            low.append(least)
            high.append(most)
        at = counts[key]
        low[at], high[at] = max(low[at], least), min(high[at], most)
        return at

    last = defaultdict(dict)  # by figure, labels, column: by place
    for seal in sealed:
        sums = defaultdict(list)
        for name, place, key, column, is_newest, cell, true in read(seal):
            least, most = (1, np.inf) if cell == "*" else (cell and max(SMALL + 1, cell - 2), cell and cell + 2)
            at = number((name, place, key, column, true), least, most)
            if cell == "*" and 0 < true <= SMALL:
                small[at] = true
            before = last[name, key, column].get(place)
            if before and before != (at, true):
                change = number(("change", before[0], at), -np.inf, np.inf)
                equal.append([(at, 1), (before[0], -1), (change, -1)])
                if 0 < abs(true - before[1]) <= SMALL:
                    small[change] = true - before[1]
            last[name, key, column][place] = (at, true)
            for population, columns in SAME.items():
                if column in columns.get(name, ()) and (is_newest or not name.endswith("trend")):
                    sums[population, name].append(at)
        for population, columns in SAME.items():
            parts = [sums[population, name] for name in columns if sums[population, name]]
            equal += [[*((at, 1) for at in a), *((at, -1) for at in b)] for a, b in pairwise(parts)]
    for places in last.values():
        if CITY in places and len(places) > 1:
            parts = [told for place, told in places.items() if place != CITY]
            rest = number(("rest", *(at for at, _ in parts)), 0, np.inf)
            equal.append([(places[CITY][0], 1), *((at, -1) for at, _ in parts), (rest, -1)])
            if 0 < (left := places[CITY][1] - sum(true for _, true in parts)) <= SMALL:
                small[rest] = left
    matrix = np.zeros((len(equal), len(low)))
    for row, terms in enumerate(equal):
        for at, sign in terms:
            matrix[row, at] += sign
    for at, true in small.items():
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(low))
            aim[at] = sign
            solved = milp(aim, constraints=LinearConstraint(matrix, 0, 0), bounds=Bounds(low, high), integrality=1)
            assert solved.status in (0, 3, 4), solved.message  # 3: nothing bounds it; 4: that, or contradictory
            ends.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
        what = next(key for key, each in counts.items() if each == at)
        yield what, true, *ends


def assert_nothing_is_told(sealed):
    found = list(attack(sealed))
    assert len(found) > 20
    for what, true, least, most in found:
        assert least <= true <= most, what
        if what[0] not in ("rest", "change"):
            least, most = max(least, 1), min(most, SMALL)
        assert most - least + 1 >= LEAST_LEFT, (what, true, least, most)


@pytest.mark.slow
def test_a_city_and_its_counties_tell_of_no_few_and_neither_does_the_period_published_again(tmp_path, monkeypatch):
    living = children(8, 300)
    publish(tmp_path, living)
    first = let_go(tmp_path, COUNTIES[0], monkeypatch)
    for place in (*COUNTIES[1:], CITY):
        let_go(tmp_path, place, monkeypatch)
    let_go(tmp_path, CITY, monkeypatch, "progress")
    with Warehouse(tmp_path) as house:
        sealed = seals.released(house.stores)
    assert len(sealed) == 5
    assert_nothing_is_told(sealed)
    assert let_go(tmp_path, COUNTIES[0], monkeypatch).sha256 == first.sha256  # the same counts, whatever left since
    publish(tmp_path, [*living[3:], *children(58, 2)])
    for place in (CITY, *COUNTIES):
        let_go(tmp_path, place, monkeypatch)
    with Warehouse(tmp_path) as house:
        again = seals.released(house.stores)
    assert len(again) >= 8  # in one county nothing may have changed
    assert_nothing_is_told(again)


def test_held_against_nothing_they_would_tell(tmp_path, monkeypatch):
    """The same reports, none of which knows of the others."""
    publish(tmp_path, children(8, 300))
    with monkeypatch.context() as alone:
        alone.setattr(seals, "released", lambda _: [])
        for place in (*COUNTIES, CITY):
            let_go(tmp_path, place, alone)
    with Warehouse(tmp_path) as house:
        sealed = seals.released(house.stores)
    with pytest.raises(AssertionError):
        assert_nothing_is_told(sealed)
