"""Distances between distributions."""

import pytest

from quality.drift import jensen_shannon, population_stability, stability_by_chance


def test_the_same_distribution_in_another_size_has_no_distance():
    assert population_stability({"a": 10, "b": 30}, {"a": 100, "b": 300}) == 0
    assert jensen_shannon({"a": 10, "b": 30}, {"a": 100, "b": 300}) == 0


def test_nothing_in_common_is_one_bit():
    assert jensen_shannon({"a": 7}, {"b": 9}) == 1


def test_stability_is_the_textbook_figure():
    # (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5)
    assert population_stability({"a": 50, "b": 50}, {"a": 60, "b": 40}) == pytest.approx(0.0405, abs=1e-4)


def test_a_category_that_vanished_is_far_but_finite():
    assert 0.25 < population_stability({"a": 500, "b": 500}, {"a": 500}) < 10


@pytest.mark.parametrize("distance", [population_stability, jensen_shannon, stability_by_chance])
def test_an_empty_table_has_no_distance(distance):
    assert distance({}, {"a": 3}) == 0
    assert distance({"a": 3}, {}) == 0


def test_small_tables_differ_by_chance():
    assert stability_by_chance({"a": 5, "b": 5}, {"a": 4, "b": 6}) == pytest.approx(0.2)
