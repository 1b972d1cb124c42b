"""Evidence that two entries come from one household, into levels."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import Column, Flags, Hash, HashList, Keys, Levels, side_by_side
from matching.comparison.comparison import Batch, Comparison, Setting
from matching.comparison.levels import GuardianNameLevel, InCommonLevel, SharedLevel
from matching.comparison.numbers import Held
from matching.comparison.persons import GUARDIAN_NAMES, NEWBORN_OF
from matching.comparison.spec import FieldSpec
from matching.key_lists import among

_HELD = 3
_GUARDIAN_SOUNDS = HashList("guardian_sound_keys", 5)


class _OfLists(Comparison):
    """A comparison of lists of hashes, or single hashes, that the model file names."""

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """Lists of hashes, or single hashes."""
        return _columns(spec)


class InCommon(_OfLists):
    """Any value of the one among those of the other: guardians' citizen numbers."""

    fixed = InCommonLevel

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        held = _held(spec, setting)
        self._held = Held(np.where(_at_least(setting, name, held, setting.generic_from), np.uint64(0), held).T)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        level = np.full(len(batch.left), InCommonLevel.MISSING, dtype=np.int8)
        both = np.flatnonzero(~self._held.missing(batch.left, batch.right))
        in_common = self._held.in_common(batch.left[both], batch.right[both])
        level[both] = np.where(in_common, InCommonLevel.EQUAL, InCommonLevel.DIFFERENT)
        return level


class Shared(_OfLists):
    """Phones or addresses; one that a crowd shares says less, a generic one says nothing."""

    fixed = SharedLevel

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        held = _held(spec, setting)
        is_generic, is_crowded = (_at_least(setting, name, held, many) for many in (setting.generic_from, 1))
        self._crowded = Held(np.where(is_crowded & ~is_generic, held, np.uint64(0)).T)
        self._own = Held(np.where(is_crowded, np.uint64(0), held).T)
        self._there = self._own.there | self._crowded.there

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        level = np.full(len(left), SharedLevel.MISSING, dtype=np.int8)
        rest = np.flatnonzero(self._there[left] & self._there[right])
        level[rest] = SharedLevel.DIFFERENT
        for held, found in ((self._own, SharedLevel.EQUAL), (self._crowded, SharedLevel.EQUAL_SHARED)):
            in_common = held.in_common(left[rest], right[rest])
            level[rest[in_common]] = found
            rest = rest[~in_common]
        return level


class GuardianName(Comparison):
    """Guardians' names, whoever they are to the child; a newborn's …之子 names the mother."""

    fixed = GuardianNameLevel
    own_columns = (GUARDIAN_NAMES, _GUARDIAN_SOUNDS, NEWBORN_OF)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        names: Keys = self.profiles[GUARDIAN_NAMES]
        self._held = Held([*names.T, self.profiles[NEWBORN_OF]])
        self._sounds = Held(self.profiles[_GUARDIAN_SOUNDS].T)
        is_common = _at_least(setting, name, names, 1)
        self._rare = Held(np.where(is_common, np.uint64(0), names).T)  # a common name is still a name

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        level = np.full(len(left), GuardianNameLevel.MISSING, dtype=np.int8)
        both = np.flatnonzero(~self._held.missing(left, right))
        is_equal = self._held.in_common(left[both], right[both])
        equal, others = both[is_equal], both[~is_equal]
        is_rare = self._rare.in_common(left[equal], right[equal])
        is_similar = self._sounds.in_common(left[others], right[others])
        level[equal] = np.where(is_rare, GuardianNameLevel.EQUAL, GuardianNameLevel.EQUAL_COMMON)
        level[others] = np.where(is_similar, GuardianNameLevel.SIMILAR, GuardianNameLevel.DIFFERENT)
        return level


def _columns(spec: FieldSpec) -> tuple[Column, ...]:
    return tuple(HashList(name, _HELD) if name.endswith("_keys") else Hash(name) for name in spec.of)


def _held(spec: FieldSpec, setting: Setting) -> Keys:
    columns = [setting.profiles[column] for column in _columns(spec)]
    return side_by_side([one for column in columns for one in np.atleast_2d(column.T)])


def _at_least(setting: Setting, kind: str, held: Keys, children: int) -> Flags:
    """Which held values so many children share, of those that more than a family does: ``link.common_value``."""
    query = "select value_key from link.common_value where kind = ? and children >= ? order by value_key"
    values: Keys = setting.con.execute(query, [kind, children]).to_arrow_table().column(0).to_numpy()
    return side_by_side([among(values, column) for column in held.T])
