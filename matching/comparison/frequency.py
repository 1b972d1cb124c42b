"""How common a value is: what chance makes of agreement, value by value."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import Flags, Floats, Index, Levels, Values
from matching.comparison.comparison import Commonness, Setting

RAREST = 7
"""Rarity runs from -RAREST to RAREST: how many times two rarer than agreeing values are on the whole."""


def commonness(setting: Setting, values: Values, has_value: Flags) -> Commonness:
    """For each profile how probably a stranger has the same value, by how many profiles have it.

    The thing's own other profiles are taken off; a value of one thing alone counts as half a stranger. No value: 0.
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    strangers = np.maximum(count[place] - setting.rows_each, 0.5) / setting.population
    chance: Floats = np.where(has_value, strangers, 0.0)
    return Commonness(chance, float(chance[chance > 0].mean()) if (chance > 0).any() else 0.0)


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
