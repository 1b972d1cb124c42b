"""Kinds of comparison for any column, level by level."""

import duckdb
import numpy as np
import pytest

from matching.comparison.columns import Profiles
from matching.comparison.comparison import Setting
from matching.comparison.comparisons import of_model
from matching.comparison.kinds import KINDS
from matching.comparison.pairs import coding_of, compare
from matching.comparison.spec import FieldSpec


def _level(kind: str, levels: dict[str, dict[str, object]], left: object, right: object, **spec: object) -> str:
    """Name of the level of two values, the same either way round."""
    con = duckdb.connect()
    con.execute("create schema link")
    con.execute(
        "create table link.profile as select * from (values (0, 1, 't', $1, 'left'), (1, 1, 't', $2, 'right'))"
        " as profile (profile_id, entries, table_name, value, other)",
        [left, right],
    )
    field = FieldSpec.model_validate({"kind": kind, "of": ["value"], "levels": levels} | spec)
    KINDS[kind].check("field", field)
    setting = Setting(con, Profiles(con, ["table_name"]), 100, 1.0, 16, (), (), 1)
    comparisons = of_model({"field": field}, setting)
    (codes,) = compare(comparisons, (np.array([0, 1], np.int32), np.array([1, 0], np.int32)))
    one, other = coding_of(comparisons).level("field", codes)
    assert one == other
    return field.level_names[one]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("martha", "marhta", "near"),
        ("martha", "martha", "equal"),
        ("martha", "jones", "different"),
        ("安", "平", "different"),
        (None, "jones", "missing"),
    ],
)
def test_texts_by_similarity(left, right, level):
    assert _level("text", {"different": {}, "near": {"similarity": 0.9}, "equal": {}}, left, right) == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [("4711", "4171", "one"), ("4711", "471", "one"), ("4711", "1174", "different"), ("4711", "4712", "one")],
)
def test_numbers_by_edits(left, right, level):
    assert _level("number", {"different": {}, "one": {"edits": 1}, "equal": {}}, left, right) == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("a b c", "a b d", "half"),
        ("a b c", "d e", "different"),
        ("a", "a", "equal"),
        ("a b c d", "a x y z", "different"),
    ],
)
def test_words_by_overlap(left, right, level):
    assert _level("words", {"different": {}, "half": {"overlap": 0.5}, "equal": {}}, left, right) == level


@pytest.mark.parametrize(("left", "right", "level"), [("10", "11.5", "near"), ("10", "12.1", "different")])
def test_amounts_by_difference(left, right, level):
    assert _level("amount", {"different": {}, "near": {"within": 2.0}, "equal": {}}, left, right) == level


def test_what_is_no_amount_is_missing():
    assert _level("amount", {"different": {}, "near": {"within": 2.0}, "equal": {}}, "ten", "10") == "missing"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("1984-05-03", "1984-03-05", "swapped"),
        ("1984-05-03", "1984-05-08", "one_digit"),
        ("1984-05-03", "1948-05-03", "same_day_other_year"),
        ("1984-05-03", "1984-12-30", "same_year"),
        ("1984-05-03", "1991-12-30", "different"),
        ("1984-05-03", "1984-02-31", "missing"),
    ],
)
def test_dates_by_what_agrees(left, right, level):
    named = ("different", "same_year", "same_day_other_year", "swapped", "one_digit", "equal")
    assert _level("date", {name: {} for name in named}, left, right) == level
