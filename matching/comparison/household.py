"""Evidence that two entries come from one household, into levels."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import (
    Column,
    Hash,
    HashList,
    Ints,
    Keys,
    Levels,
    side_by_side,
)
from matching.comparison.comparison import Batch, Comparison, Setting
from matching.comparison.levels import GuardianNameLevel, InCommonLevel, SharedLevel
from matching.comparison.numbers import Held
from matching.comparison.persons import GUARDIAN_NAMES, NEWBORN_OF
from matching.comparison.spec import FieldSpec

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
        held, _ = _without_generic(name, _held(spec, setting), setting)
        self._held = Held(held)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        level = np.full(len(batch.left), InCommonLevel.DIFFERENT, dtype=np.int8)
        level[self._held.in_common(batch.left, batch.right)] = InCommonLevel.EQUAL
        level[self._held.missing(batch.left, batch.right)] = InCommonLevel.MISSING
        return level


class Shared(_OfLists):
    """Phones or addresses; one that a crowd shares says less, a generic one says nothing."""

    fixed = SharedLevel

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        held, crowd = _without_generic(name, _held(spec, setting), setting)
        self._held = Held(held)
        self._crowded = Held(np.where(crowd > 0, held, np.uint64(0)))
        self._own = Held(np.where(crowd > 0, np.uint64(0), held))

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        level = np.full(len(left), SharedLevel.DIFFERENT, dtype=np.int8)
        level[self._crowded.in_common(left, right)] = SharedLevel.EQUAL_SHARED
        level[self._own.in_common(left, right)] = SharedLevel.EQUAL
        level[self._held.missing(left, right)] = SharedLevel.MISSING
        return level


class GuardianName(Comparison):
    """Guardians' names, whoever they are to the child; a newborn's …之子 names the mother."""

    fixed = GuardianNameLevel
    own_columns = (GUARDIAN_NAMES, _GUARDIAN_SOUNDS, NEWBORN_OF)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        names: Keys = self.profiles[GUARDIAN_NAMES]
        self._held = Held(side_by_side([*names.T, self.profiles[NEWBORN_OF]]))
        self._sounds = Held(self.profiles[_GUARDIAN_SOUNDS])
        is_common = _crowd(name, names, setting) > 0
        self._rare = Held(np.where(is_common, np.uint64(0), names))  # a common name is still a name

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        level = np.full(len(left), GuardianNameLevel.DIFFERENT, dtype=np.int8)
        level[self._sounds.in_common(left, right)] = GuardianNameLevel.SIMILAR
        level[self._held.in_common(left, right)] = GuardianNameLevel.EQUAL_COMMON
        level[self._rare.in_common(left, right)] = GuardianNameLevel.EQUAL
        level[self._held.missing(left, right)] = GuardianNameLevel.MISSING
        return level


def _columns(spec: FieldSpec) -> tuple[Column, ...]:
    return tuple(HashList(name, _HELD) if name.endswith("_keys") else Hash(name) for name in spec.of)


def _held(spec: FieldSpec, setting: Setting) -> Keys:
    columns = [setting.profiles[column] for column in _columns(spec)]
    return side_by_side([one for column in columns for one in np.atleast_2d(column.T)])


def _crowd(kind: str, held: Keys, setting: Setting) -> Ints:
    """Beside held values, how many children share each of them when more than a family: ``link.common_value``."""
    common = setting.con.execute(
        "select value_key, children from link.common_value where kind = ? order by value_key", [kind]
    ).to_arrow_table()
    values, children = common.column(0).to_numpy().astype(np.uint64), common.column(1).to_numpy().astype(np.int64)
    if not len(values):
        return np.zeros(held.shape, dtype=np.int64)
    place = np.minimum(np.searchsorted(values, held), len(values) - 1)
    return np.where(values[place] == held, children[place], 0)


def _without_generic(kind: str, held: Keys, setting: Setting) -> tuple[Keys, Ints]:
    """Held values, blanked where they are generic, and how many children share each."""
    crowd = _crowd(kind, held, setting)
    return np.where(crowd >= setting.generic_from, np.uint64(0), held), crowd
