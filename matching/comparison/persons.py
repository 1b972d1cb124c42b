"""Children's names into levels, once a distinct pair of names, and how rare a name is that agrees."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.comparison.columns import Keys, Levels, Profiles
from matching.comparison.names import NameLevel
from matching.comparison.numbers import Index, any_common

CompareNames = Callable[[npt.NDArray[np.int32], npt.NDArray[np.int32]], Levels]
"""Levels of pairs of name ids: :meth:`matching.comparison.names.NameTable.levels` of ``std.name``."""


def name_levels(compare: CompareNames, profiles: Profiles, left: Index, right: Index) -> Levels:
    """Best level among present and former names; a newborn's …之子 is compared by the mother it names."""
    ids, former = profiles.name_id, profiles.former_name_id
    level = _by_ids(compare, ids[left], ids[right])
    for mine, theirs in ((former, ids), (ids, former)):
        index = np.flatnonzero((mine[left] >= 0) & (theirs[right] >= 0))
        if len(index):
            other = _by_ids(compare, mine[left[index]], theirs[right[index]])
            level[index] = np.maximum(level[index], other)
    level[~(profiles.has_name[left] & profiles.has_name[right])] = NameLevel.MISSING
    return _newborns(profiles, left, right, level)


def _by_ids(compare: CompareNames, left: Index, right: Index) -> Levels:
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    level = np.full(len(left), NameLevel.MISSING, dtype=np.int8)
    known = np.flatnonzero(low >= 0)
    distinct, place = np.unique(low[known] << 32 | high[known], return_inverse=True)
    compared = compare((distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32))
    level[known] = compared[place]
    return level


def _newborns(profiles: Profiles, left: Index, right: Index, level: Levels) -> Levels:
    mother = profiles.key["newborn_of"]
    unnamed = (mother[left] != 0) | (mother[right] != 0)
    index = np.flatnonzero(unnamed)
    if not len(index):
        return level
    a, b = left[index], right[index]
    household = np.column_stack([profiles.held["guardian_name_keys"], mother[:, None]])
    of_one_mother = any_common(np.column_stack([mother]), a, b)
    for one, other in ((a, b), (b, a)):
        of_one_mother |= ((household[other] == mother[one][:, None]) & (mother[one] != 0)[:, None]).any(axis=1)
    found = np.full(len(index), NameLevel.MISSING, dtype=np.int8)
    found[(mother[a] != 0) & (mother[b] != 0)] = NameLevel.DIFFERENT
    found[of_one_mother] = NameLevel.NEWBORN
    level[index] = found
    return level


def chance(keys: Keys, profiles_per_child: float, population: int) -> npt.NDArray[np.float64]:
    """For each profile: how probably a stranger bears the same value, by how many profiles do.

    The child's own other profiles are taken off; a value of one child alone counts as half a stranger. No value: 0.
    """
    _, place, count = np.unique(keys, return_inverse=True, return_counts=True)
    strangers = np.maximum(count[place] - profiles_per_child, 0.5) / population
    return np.where(keys == 0, 0.0, strangers)
