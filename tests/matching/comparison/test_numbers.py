"""Citizen numbers: which of a profile's three are compared, and how near the nearest two are."""

from datetime import date

import duckdb
import numpy as np
import pytest

from matching import model
from matching.comparison.columns import Profiles
from matching.comparison.comparison import Setting
from matching.comparison.comparisons import of_model
from matching.comparison.numbers import Held
from matching.comparison.pairs import coding_of, compare
from tests.matching.standing import citizen_no

FIELD = model.load().fields["number"]
ONE, OTHER = citizen_no(date(2016, 3, 4), 12), citizen_no(date(2017, 8, 9), 31)
NEAR = ONE[:-2] + ("2" if ONE[-2] != "2" else "3") + ONE[-1]
EXCHANGED = ONE[:8] + ONE[9] + ONE[8] + ONE[10:]
HONG_KONG, MACAU = "810000201603040013", "M123456(7)"


def _level(left: tuple[str | None, ...], right: tuple[str | None, ...]) -> str:
    """Of two profiles' sound, embedded and unverified numbers; the same either way round."""
    con = duckdb.connect()
    con.execute("create schema link")
    con.execute(
        "create table link.profile as select * from"
        " (values (0, 't', $1::varchar, $2::varchar, $3::varchar), (1, 't', $4, $5, $6))"
        " as profile (profile_id, table_name, citizen_no, embedded_no, citizen_no_unverified)",
        [*left, *right],
    )
    setting = Setting(con, Profiles(con, ["table_name"]), 100, 1.0, 16, (), (), 1)
    comparisons = of_model({"number": FIELD}, setting)
    (codes,) = compare(comparisons, (np.array([0, 1], np.int32), np.array([1, 0], np.int32)))
    one, other = coding_of(comparisons).level("number", codes)
    assert one == other
    return FIELD.level_names[one]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ((ONE, None, None), (ONE, None, None), "equal"),
        ((ONE, None, None), (OTHER, ONE, None), "equal"),
        ((ONE, OTHER, None), (None, OTHER, None), "equal"),
        ((ONE, None, None), (None, None, ONE), "unverified_equal"),
        ((None, None, NEAR), (None, None, NEAR), "unverified_equal"),
        ((ONE, None, OTHER), (OTHER, None, None), "unverified_equal"),
        ((ONE, None, None), (None, None, NEAR), "one_edit"),
        ((ONE, None, None), (None, None, EXCHANGED), "one_edit"),
        ((ONE, None, None), (OTHER, None, None), "different"),
        ((ONE, None, None), (None, None, OTHER), "unverified_different"),
        ((ONE, None, None), (None, None, None), "missing"),
        ((None, None, None), (None, None, None), "missing"),
        ((None, None, MACAU), (None, None, MACAU), "unverified_equal"),
        ((None, None, MACAU), (None, None, MACAU[:-2] + "8)"), "one_edit"),
        ((HONG_KONG, None, MACAU), (None, None, MACAU), "unverified_equal"),
        ((None, None, "M123456(7)"), (None, None, "H123456(7)"), "one_edit"),
        ((None, None, "M12"), (None, None, "M12 "), "unverified_equal"),
    ],
)
def test_two_profiles_have_the_level_of_their_nearest_numbers(left, right, level):
    assert _level(left, right) == level


def test_lists_have_in_common_what_stands_at_any_place_of_both():
    draw = np.random.default_rng(3)
    lists = draw.integers(0, 6, (80, 3)).astype(np.uint64) << np.uint64(58)  # few values, and 0 for none
    left, right = (side.ravel() for side in np.meshgrid(np.arange(80), np.arange(80)))
    held = [set(row.tolist()) - {0} for row in lists]
    expected = [bool(held[one] & held[other]) for one, other in zip(left, right, strict=True)]
    assert Held(lists.T).in_common(left, right).tolist() == expected
    assert 0.2 < np.mean(expected) < 0.9
