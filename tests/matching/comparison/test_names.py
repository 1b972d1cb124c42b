import numpy as np
import pyarrow as pa
import pytest

from matching.comparison.levels import NameLevel
from matching.comparison.names import NameTable, level_names
from matching.normalize import names
from tests.matching.normalize.tables import cases

CASES = cases("name_levels")


def table(*texts: str) -> pa.Table:
    return names.describe(texts).add_column(0, "name_id", pa.array(range(1, len(texts) + 1), pa.int32()))


def level(left: str, right: str) -> NameLevel:
    return NameLevel(int(level_names(table(left, right), np.array([1]), np.array([2]))[0]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['left']}-{case['right']}")
def test_two_names_have_the_level_a_clerk_would_say(case):
    assert level(case["left"], case["right"]).name == case["level"]
    assert level(case["right"], case["left"]).name == case["level"]


def test_many_pairs_at_once_have_the_levels_they_have_alone():
    texts = sorted({case[side] for case in CASES for side in ("left", "right")})
    ids = {text: place for place, text in enumerate(texts, start=1)}
    left = np.array([ids[case["left"]] for case in CASES])
    right = np.array([ids[case["right"]] for case in CASES])

    found = NameTable(table(*texts)).levels(left, right)

    assert [NameLevel(int(code)).name for code in found] == [case["level"] for case in CASES]


@pytest.mark.parametrize(
    ("left", "right"), [("王梓涵", "王梓萱"), ("李安", "李宁"), ("德吉", "多吉"), ("张浩宇", "张浩轩")]
)
def test_siblings_of_one_generation_are_never_variants(left, right):
    assert level(left, right) < NameLevel.UNKNOWN_CHARACTER


def test_ids_need_not_be_rows():
    known = table("王梓涵", "王子涵").set_column(0, "name_id", pa.array([70, 9], pa.int32()))

    assert level_names(known, np.array([9]), np.array([70]))[0] == NameLevel.SAME_SOUND


def test_no_pairs_have_no_levels():
    assert level_names(table("王芳"), np.array([], np.int64), np.array([], np.int64)).tolist() == []


def test_short_names_have_the_levels_that_they_have_among_long_ones():
    texts = sorted({case[side] for case in CASES for side in ("left", "right")})
    known = table(*texts)
    left, right = (side.ravel() + 1 for side in np.meshgrid(np.arange(len(texts)), np.arange(len(texts))))
    of_all = NameTable(known)

    found = of_all.levels(left, right)
    assert of_all._is_narrow.mean() > 0.5
    of_all._is_narrow[:] = False

    assert of_all.levels(left, right).tolist() == found.tolist()


def test_characters_beyond_the_usual_ones_are_compared_too(monkeypatch):
    monkeypatch.setattr("matching.comparison.names._PACKED_BELOW", 3)
    assert level("王梓涵", "王子涵") == NameLevel.SAME_SOUND
    assert level("王梓涵", "李梓涵") == NameLevel.SAME_GIVEN
