"""How common a value is: what chance makes of agreement, value by value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matching.comparison.coding import RAREST
from matching.comparison.columns import Flags, Floats, Ints, Levels, Places, Values
from matching.comparison.comparison import Commonness, Frequencies, Setting


def commonness(setting: Setting, values: Values, has_value: Flags, kind: str = "") -> Commonness:
    """For each profile how probably a stranger has the same value, by how many profiles have it.

    The thing's own other profiles are taken off; a value of one thing alone counts as half a stranger. No value: 0.
    ``kind``: under which the model version in force keeps its counts (``setting.kept``); they are taken for these
    profiles' own, and a value it never saw is one thing's alone.
    """
    kept = setting.kept.get(kind)
    many, counted = _count(values, has_value) if kept is None else (_find(kept, values), kept.profiles)
    chance: Floats = np.where(has_value, _strangers(setting, many), 0.0)
    whole = int(counted.sum())
    overall = float((_strangers(setting, counted) * counted).sum()) / whole if whole else 0.0
    return Commonness(chance, overall)


def rarity(common: dict[int, Commonness], level: Levels, left: Places, right: Places) -> Levels:
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


def _count(values: Values, has_value: Flags) -> tuple[Ints, Ints]:
    """By profile, how many bear its value, and by value in the order of the values, how many do."""
    encoded = pa.array(values).dictionary_encode()
    place = encoded.indices.to_numpy()
    counts = np.bincount(place[has_value], minlength=len(encoded.dictionary))
    there = counts[np.argsort(encoded.dictionary.to_numpy())]
    return counts[place], there[there > 0]


def _find(kept: Frequencies, values: Values) -> Ints:
    """How many profiles bore each value, 0 where none did."""
    if not len(kept.values):
        return np.zeros(len(values), np.int64)
    encoded = pa.array(values).dictionary_encode()
    distinct = encoded.dictionary.to_numpy()
    place = np.minimum(np.searchsorted(kept.values, distinct), len(kept.values) - 1)
    many: Ints = np.where(kept.values[place] == distinct, kept.profiles[place], 0)
    found: Ints = many[encoded.indices.to_numpy()]
    return found
