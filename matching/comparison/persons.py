"""Children's names into levels, once a distinct pair of names, and how common the names are that agree."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matching.comparison.columns import Flag, Hash, HashList, Id, Index, Levels, Places
from matching.comparison.comparison import Batch, Commonness, Comparison, Setting
from matching.comparison.frequency import commonness
from matching.comparison.levels import BirthLevel, NameLevel
from matching.comparison.names import NameTable
from matching.comparison.spec import FieldSpec

NEWBORN_OF = Hash("newborn_of")
GUARDIAN_NAMES = HashList("guardian_name_keys", 4)
_NAME, _FORMER, _HAS_NAME = Id("name_id"), Id("former_name_id"), Flag("has_name")
_KEYS = {"name": Hash("name_key"), "variant": Hash("variant_key"), "sound": Hash("sound_key")}


class PersonName(Comparison):
    """Best level among present and former names; a newborn's …之子 is compared by the mother it names.

    李琳□ and 李琳□ born on two days are as well two sisters: they agree as far as they are known, and no more.
    """

    fixed = NameLevel
    beside = ("birth",)
    own_columns = (_NAME, _FORMER, _HAS_NAME, NEWBORN_OF, GUARDIAN_NAMES, *_KEYS.values())

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._table = NameTable(_names_of_children(setting))
        self._common = {
            kind: commonness(setting, self.profiles[column], self.profiles[column] != 0, kind)
            for kind, column in _KEYS.items()
        }

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        ids, former, has_name = (self.profiles[column] for column in (_NAME, _FORMER, _HAS_NAME))
        level = self._by_ids(ids[left], ids[right])
        for mine, theirs in ((former, ids), (ids, former)):
            index = np.flatnonzero((mine[left] >= 0) & (theirs[right] >= 0))
            if len(index):
                other = self._by_ids(mine[left[index]], theirs[right[index]])
                level[index] = np.maximum(level[index], other)
        level[~(has_name[left] & has_name[right])] = NameLevel.MISSING
        gaps = np.flatnonzero((level >= NameLevel.SAME_SOUND) & self._table.has_gap(ids[left]))
        if len(gaps):
            birth = batch.levels("birth")[gaps]
            level[gaps[(birth != BirthLevel.MISSING) & (birth < BirthLevel.ONE_DIGIT)]] = NameLevel.UNKNOWN_CHARACTER
        return self._newborns(left, right, level)

    def commonness(self) -> dict[int, Commonness]:
        """Of the name as it is, its variants and its sound."""
        return {
            NameLevel.EQUAL: self._common["name"],
            NameLevel.VARIANT: self._common["variant"],
            NameLevel.SAME_SOUND: self._common["sound"],
            NameLevel.NEAR_SOUND: self._common["sound"],
        }

    def chance(self) -> dict[int, float]:
        """Strangers' names that sound or are spelled alike without being equal."""
        name, variant, sound = (self._common[kind].overall for kind in ("name", "variant", "sound"))
        return {
            NameLevel.EQUAL: name,
            NameLevel.VARIANT: variant - name,
            NameLevel.SAME_SOUND: sound - name,
            NameLevel.NEAR_SOUND: sound - name,
        }

    def _by_ids(self, left: Index, right: Index) -> Levels:
        """Level of each pair of names; the same name is compared with itself only as far as it is one."""
        low, high = np.minimum(left, right), np.maximum(left, right)
        level = np.full(len(left), NameLevel.MISSING, dtype=np.int8)
        is_same = (low == high) & (low >= 0)
        level[is_same] = np.where(self._table.is_missing(low[is_same]), NameLevel.MISSING, NameLevel.EQUAL)
        others = np.flatnonzero((low >= 0) & ~is_same)
        distinct, place = np.unique(low[others].astype(np.int64) << 32 | high[others], return_inverse=True)
        compared = self._table.levels((distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32))
        level[others] = compared[place]
        return level

    def _newborns(self, left: Places, right: Places, level: Levels) -> Levels:
        mother = self.profiles[NEWBORN_OF]
        index = np.flatnonzero((mother[left] != 0) | (mother[right] != 0))
        if not len(index):
            return level
        a, b = left[index], right[index]
        of_one_mother = (mother[a] == mother[b]) & (mother[a] != 0)
        guardians = self.profiles[GUARDIAN_NAMES]
        for one, other in ((a, b), (b, a)):
            few = np.flatnonzero(mother[one] != 0)
            of_one_mother[few] |= (guardians[other[few]] == mother[one[few]][:, None]).any(axis=1)
        found = np.full(len(index), NameLevel.MISSING, dtype=np.int8)
        found[(mother[a] != 0) & (mother[b] != 0)] = NameLevel.DIFFERENT
        found[of_one_mother] = NameLevel.NEWBORN
        level[index] = found
        return level


def _names_of_children(setting: Setting) -> pa.Table:
    """``std.name`` without the names that only adults bear."""
    return setting.con.sql(
        "select name_id, kind, folded, surname, given, of_parent, syllables, sound_key, near_sound_key, variant_key"
        " from std.name where name_id in"
        " (select name_id from link.profile union select former_name_id from link.profile) order by name_id"
    ).to_arrow_table()
