"""How common a value is: what chance makes of agreement, value by value."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import Flags, Floats, Index, Ints, Levels, Values
from matching.comparison.comparison import Commonness, Frequencies, Setting

RAREST = 7
"""Rarity runs from -RAREST to RAREST: how many times two rarer than agreeing values are on the whole."""


def commonness(setting: Setting, values: Values, has_value: Flags, kind: str = "") -> Commonness:
    """For each profile how probably a stranger has the same value, by how many profiles have it.

    The thing's own other profiles are taken off; a value of one thing alone counts as half a stranger. No value: 0.
    ``kind``: under which the model version in force keeps its counts (``setting.kept``); they are taken for these
    profiles' own, and a value it never saw is one thing's alone.
    """
    kept = setting.kept.get(kind) or _count(values[has_value])
    place, is_known = _find(kept.values, values)
    many = np.where(is_known, kept.profiles[place], 0) if len(kept.values) else np.zeros(len(values), np.int64)
    chance: Floats = np.where(has_value, _strangers(setting, many), 0.0)
    whole = int(kept.profiles.sum())
    overall = float((_strangers(setting, kept.profiles) * kept.profiles).sum()) / whole if whole else 0.0
    return Commonness(chance, overall)


def rarity(common: dict[int, Commonness], level: Levels, left: Index, right: Index) -> Levels:
    """Log2 of how much rarer a pair's value is than agreeing ones on the whole, rounded; 0 where values don't agree."""
    found = np.zeros(len(level), dtype=np.float64)
    for code, known in common.items():
        index = np.flatnonzero(level == code)
        own = np.maximum(known.by_profile[left[index]], known.by_profile[right[index]])
        with np.errstate(divide="ignore"):
            found[index] = np.where(own > 0, np.log2(known.overall / np.where(own > 0, own, 1.0)), 0.0)
    clipped: Floats = np.clip(np.rint(found), -RAREST, RAREST)
    return clipped.astype(np.int8)


def _strangers(setting: Setting, profiles: Ints) -> Floats:
    found: Floats = np.maximum(profiles - setting.rows_each, 0.5) / setting.population
    return found


def _count(values: Values) -> Frequencies:
    return Frequencies(*np.unique(values, return_counts=True))


def _find(among: Values, values: Values) -> tuple[Ints, Flags]:
    """The place of each value among the sorted ones, and whether it is there; asked in order, which saves the cache."""
    order = np.argsort(values)
    place = np.zeros(len(values), dtype=np.int64)
    place[order] = np.minimum(np.searchsorted(among, values[order]), max(len(among) - 1, 0))
    return place, among[place] == values if len(among) else np.zeros(len(values), dtype=bool)
