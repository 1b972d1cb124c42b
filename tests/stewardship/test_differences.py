import pytest

from stewardship.differences import State, differing, fold, state


@pytest.mark.parametrize(
    ("left", "right", "kind", "expected"),
    [
        ("张欣语", "张欣语", "name", State.EQUAL),
        ("张欣语", "张歆语", "name", State.SIMILAR),
        ("张欣语", "张语欣", "name", State.SIMILAR),
        ("张欣", "张歆", "name", State.DIFFERENT),  # one of two characters is half the name
        ("阿里木", "阿里木江", "name", State.SIMILAR),
        ("110101201801011234", "110101201801011243", "citizen_no", State.SIMILAR),
        ("110101201801011234", "110101201801015678", "citizen_no", State.DIFFERENT),
        ("20180102", "20180201", "date", State.SIMILAR),  # day and month
        ("20180102", "20190102", "date", State.SIMILAR),
        ("20180102", "20131130", "date", State.DIFFERENT),
        ("429006", "429004", "place", State.SIMILAR),
        ("429006", "110101", "place", State.DIFFERENT),
        ("13800001234", "13800001235", "phone", State.SIMILAR),
        ("MALE", "FEMALE", "word", State.DIFFERENT),
    ],
)
def test_state_of_two_values(left, right, kind, expected):
    assert state({left}, {right}, kind) is expected
    assert state({right}, {left}, kind) is expected


def test_of_several_values_the_best_counts():
    assert state({"13800001234", "13911112222"}, {"13911112222"}, "phone") is State.EQUAL


def test_nothing_on_one_side_is_missing():
    assert state(set(), {"张三"}, "name") is State.MISSING


def test_fold_forgets_width_spaces_and_dots():
    assert fold("ａ b·c") == fold("ABC")


@pytest.mark.parametrize(
    ("text", "other", "places"),
    [
        ("张欣语", "张歆语", {1}),
        ("张　欣语", "张歆语", {2}),  # the space isn't a difference, and keeps its place
        ("2018-01-02", "20180103", {9}),
        ("张欣语", "张欣语", set()),
    ],
)
def test_differing_characters(text, other, places):
    assert differing(text, other) == places
