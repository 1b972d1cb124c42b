"""Citizen numbers and departments' numbers into levels, in arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from matching.comparison.columns import NUMBER_WIDTH, Flags, Hash, HashList, Index, Ints, Keys, Levels, Number
from matching.comparison.comparison import Batch, Comparison
from matching.comparison.levels import NumberLevel, OwnNumberLevel

CITIZEN_NO, EMBEDDED_NO = Number("citizen_no"), Number("embedded_no")
_UNVERIFIED_NO = Number("citizen_no_unverified")
_OWN_NUMBERS = HashList("own_number_keys", 5)
_KINDS = (Hash("certificate_key"), Hash("document_key"))
_FAR = 99


class CitizenNumber(Comparison):
    """Any citizen number of the child in common, else how near the nearest two are."""

    fixed = NumberLevel
    own_columns = (CITIZEN_NO, EMBEDDED_NO, _UNVERIFIED_NO)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        sound = (self.profiles[CITIZEN_NO], self.profiles[EMBEDDED_NO])
        loose = self.profiles[_UNVERIFIED_NO]
        level = np.full(len(left), NumberLevel.MISSING, dtype=np.int8)
        has_sound = (sound[0] != b"") | (sound[1] != b"")
        has_loose = loose != b""
        both = np.flatnonzero((has_sound | has_loose)[left] & (has_sound | has_loose)[right])
        a, b = left[both], right[both]
        known = np.full(len(both), NumberLevel.UNVERIFIED_DIFFERENT, dtype=np.int8)
        known[has_sound[a] & has_sound[b]] = NumberLevel.DIFFERENT
        loose_equal = (loose[a] == loose[b]) & has_loose[a]
        sound_equal = np.zeros(len(both), dtype=bool)
        for number in sound:
            loose_equal |= ((number[a] == loose[b]) & has_loose[b]) | ((loose[a] == number[b]) & has_loose[a])
            for other in sound:
                sound_equal |= (number[a] == other[b]) & (number[a] != b"")
        rest = np.flatnonzero(~sound_equal & ~loose_equal)
        apart = np.full(len(rest), _FAR, dtype=np.int64)
        best = np.where(sound[0] != b"", sound[0], sound[1])
        for mine, theirs in ((best, best), (best, loose), (loose, best), (loose, loose)):
            with_both = (mine[a[rest]] != b"") & (theirs[b[rest]] != b"")
            index = np.flatnonzero(with_both)
            apart[index] = np.minimum(apart[index], _apart(mine[a[rest[index]]], theirs[b[rest[index]]]))
        known[rest[apart == 2]] = NumberLevel.WITHIN_TWO
        known[rest[apart <= 1]] = NumberLevel.ONE_EDIT
        known[loose_equal] = NumberLevel.UNVERIFIED_EQUAL
        known[sound_equal] = NumberLevel.EQUAL
        level[both] = known
        return level


class OwnNumber(Comparison):
    """EQUAL where any number of one kind agrees; DIFFERENT where two birth certificates or documents differ."""

    fixed = OwnNumberLevel
    own_columns = (_OWN_NUMBERS, *_KINDS)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        equal = any_common(self.profiles[_OWN_NUMBERS], left, right)
        differs = np.zeros(len(left), dtype=bool)
        for kind in _KINDS:
            mine, theirs = self.profiles[kind][left], self.profiles[kind][right]
            both = (mine != 0) & (theirs != 0)
            equal |= both & (mine == theirs)
            differs |= both & (mine != theirs)
        level = np.full(len(left), OwnNumberLevel.MISSING, dtype=np.int8)
        level[differs] = OwnNumberLevel.DIFFERENT
        level[equal] = OwnNumberLevel.EQUAL
        return level


def digits_apart(left: npt.NDArray[np.bytes_], right: npt.NDArray[np.bytes_]) -> Ints:
    """In how many of the 18 places two numbers differ."""
    size = len(left)
    apart: Ints = (
        (_places(left) != _places(right)).sum(axis=1).astype(np.int64) if size else np.zeros(0, dtype=np.int64)
    )
    return apart


def _places(numbers: npt.NDArray[np.bytes_]) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(numbers.astype("S18")).view(np.uint8).reshape(len(numbers), NUMBER_WIDTH)


def _apart(left: npt.NDArray[np.bytes_], right: npt.NDArray[np.bytes_]) -> Ints:
    """Edits between numbers: places that differ, neighbours exchanged counting once; lengths that differ, by OSA."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    a, b = _places(left), _places(right)
    differs = a != b
    count: Ints = differs.sum(axis=1).astype(np.int64)
    exchanged = (count == 2) & (
        (a[:, :-1] == b[:, 1:]) & (a[:, 1:] == b[:, :-1]) & differs[:, :-1] & differs[:, 1:]
    ).any(axis=1)
    count[exchanged] = 1
    uneven = np.flatnonzero((a[:, -1] == 0) != (b[:, -1] == 0))
    if len(uneven):
        count[uneven] = cpdist(
            left[uneven].astype("U18").astype(object),
            right[uneven].astype("U18").astype(object),
            scorer=OSA.distance,
            score_cutoff=3,
        )
    return count


def any_common(held: Keys, left: Index, right: Index) -> Flags:
    """Whether two profiles hold a hash in common; 0 is no value."""
    common = np.zeros(len(left), dtype=bool)
    columns = [np.ascontiguousarray(column) for column in held.T]
    has = [column != 0 for column in columns]
    for mine, has_mine in zip(columns, has, strict=True):
        for theirs, has_theirs in zip(columns, has, strict=True):
            index = np.flatnonzero(has_mine[left] & has_theirs[right])
            if len(index):
                common[index] |= mine[left[index]] == theirs[right[index]]
    return common
