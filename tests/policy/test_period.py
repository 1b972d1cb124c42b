from datetime import date

import pytest

from policy.period import Period


def test_a_first_half_year_ends_on_30_june():
    period = Period("2026H1")
    assert (period.begins_on, period.as_of) == (date(2026, 1, 1), date(2026, 6, 30))


def test_a_second_half_year_ends_on_31_december():
    period = Period("2026H2")
    assert (period.begins_on, period.as_of) == (date(2026, 7, 1), date(2026, 12, 31))


def test_periods_follow_one_another():
    assert Period("2026H1").previous == Period("2025H2")
    assert Period("2025H2").next == Period("2026H1")
    assert Period("2026H2").ordinal - Period("2025H1").ordinal == 3


def test_periods_are_ordered_by_time():
    assert sorted([Period("2026H1"), Period("2024H2"), Period("2025H1")]) == [
        Period("2024H2"),
        Period("2025H1"),
        Period("2026H1"),
    ]


def test_a_day_falls_into_one_period():
    assert Period.holding(date(2026, 6, 30)) == Period("2026H1")
    assert Period.holding(date(2026, 7, 1)) == Period("2026H2")


def test_people_type_keys_loosely():
    assert str(Period.parse(" 2026h1 ")) == "2026H1"


@pytest.mark.parametrize(
    "key", ["", "2026", "2026H3", "26H1", "2026-06", "2026H1x", "２０２６H1", "0000H1", "2026H1\n"]
)
def test_a_wrong_key_is_refused_with_the_shape(key):
    with pytest.raises(ValueError, match="2026H1"):
        Period(key)
