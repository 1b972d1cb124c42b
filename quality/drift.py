"""How far a distribution of counts lies from the last one. Pure functions of two tables of counts."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, log2

# a share of nothing has no logarithm; half a row of a thousand stands in for it
_LEAST_SHARE = 0.0005


def _shares(counts: Mapping[str, float], categories: list[str]) -> list[float]:
    total = sum(counts.values())
    return [counts.get(category, 0.0) / total for category in categories]


def population_stability(last: Mapping[str, float], now: Mapping[str, float]) -> float:
    """The population stability index of two tables of counts; 0 where one of them is empty.

    Customary reading: under 0.1 the same, over 0.25 another population. Not bounded; sampling alone gives about
    (categories - 1) x (1 / rows last + 1 / rows now), see :func:`stability_by_chance`.
    """
    if not sum(last.values()) or not sum(now.values()):
        return 0.0
    categories = sorted(last.keys() | now.keys())
    pairs = zip(_shares(last, categories), _shares(now, categories), strict=True)
    floored = ((max(before, _LEAST_SHARE), max(after, _LEAST_SHARE)) for before, after in pairs)
    return sum((after - before) * log(after / before) for before, after in floored)


def stability_by_chance(last: Mapping[str, float], now: Mapping[str, float]) -> float:
    """The index that two samples of one population show on average: what small tables can't help."""
    rows_last, rows_now = sum(last.values()), sum(now.values())
    if not rows_last or not rows_now:
        return 0.0
    return (len(last.keys() | now.keys()) - 1) * (1 / rows_last + 1 / rows_now)


def jensen_shannon(last: Mapping[str, float], now: Mapping[str, float]) -> float:
    """The Jensen-Shannon divergence in bits: 0 the same, 1 nothing in common, and 0 where one table is empty."""
    if not sum(last.values()) or not sum(now.values()):
        return 0.0
    categories = sorted(last.keys() | now.keys())
    before, after = _shares(last, categories), _shares(now, categories)
    middle = [(one + other) / 2 for one, other in zip(before, after, strict=True)]
    return (_surprise(before, middle) + _surprise(after, middle)) / 2


def _surprise(shares: list[float], against: list[float]) -> float:
    return sum(share * log2(share / expected) for share, expected in zip(shares, against, strict=True) if share)
