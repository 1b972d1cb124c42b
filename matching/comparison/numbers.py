"""Citizen numbers and departments' numbers into levels, in arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from matching.comparison.columns import (
    NUMBER_WIDTH,
    Flags,
    Hash,
    HashList,
    Ints,
    Keys,
    Levels,
    Number,
    Places,
)
from matching.comparison.comparison import Batch, Comparison, Setting
from matching.comparison.levels import NumberLevel, OwnNumberLevel
from matching.comparison.spec import FieldSpec

CITIZEN_NO, EMBEDDED_NO = Number("citizen_no"), Number("embedded_no")
_UNVERIFIED_NO = Number("citizen_no_unverified")
_OWN_NUMBERS = HashList("own_number_keys", 5)
_KINDS = (Hash("certificate_key"), Hash("document_key"))
_FAR = 99
_OTHER = 14  # four bits that stand for any letter but X
_NONE = 15
_ODD = np.uint64(0x9E3779B97F4A7C15)
_DIGIT_OF = np.full(256, _OTHER, dtype=np.uint8)
_DIGIT_OF[ord("0") : ord("9") + 1] = np.arange(10)
_DIGIT_OF[ord("X")], _DIGIT_OF[0] = 10, _NONE


class CitizenNumber(Comparison):
    """Any citizen number of the child in common, else how near the nearest two are."""

    fixed = NumberLevel
    own_columns = (CITIZEN_NO, EMBEDDED_NO, _UNVERIFIED_NO)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        sound = [_Numbers.of(self.profiles[column]) for column in (CITIZEN_NO, EMBEDDED_NO)]
        keys = [numbers.keys() for numbers in sound]
        self._sound, self._best = Held(keys), sound[0].or_else(sound[1])
        del sound  # large
        self._loose = _Numbers.of(self.profiles[_UNVERIFIED_NO])
        self._any = Held([*keys, self._loose.keys()])

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        level = np.full(len(batch.left), NumberLevel.MISSING, dtype=np.int8)
        both = np.flatnonzero(~self._any.missing(batch.left, batch.right))
        left, right = batch.left[both], batch.right[both]
        known = np.full(len(both), NumberLevel.UNVERIFIED_DIFFERENT, dtype=np.int8)
        known[self._best.there[left] & self._best.there[right]] = NumberLevel.DIFFERENT
        rest = np.flatnonzero(~self._any.in_common(left, right))
        apart = self._apart(left[rest], right[rest])
        known[rest[apart == 2]] = NumberLevel.WITHIN_TWO
        known[rest[apart <= 1]] = NumberLevel.ONE_EDIT
        equal = np.ones(len(both), dtype=bool)
        equal[rest] = False
        known[equal] = np.where(
            self._sound.in_common(left[equal], right[equal]), NumberLevel.EQUAL, NumberLevel.UNVERIFIED_EQUAL
        )
        level[both] = known
        return level

    def _apart(self, left: Places, right: Places) -> Ints:
        """Edits between the nearest two numbers of each pair."""
        apart = np.full(len(left), _FAR, dtype=np.int64)
        kinds = (self._best, self._loose)
        for mine in kinds:
            for theirs in kinds:
                index = np.flatnonzero(mine.there[left] & theirs.there[right])
                apart[index] = np.minimum(apart[index], mine.apart(left[index], theirs, right[index]))
        return apart


class _Numbers:
    """A column of numbers, compared by their digits, four bits each: two words of nine.

    What holds other letters than X has no such words; how far it is apart is told byte by byte.
    """

    def __init__(self, numbers: npt.NDArray[np.bytes_], there: Flags, is_plain: Flags, halves: list[Keys]) -> None:
        self._bytes = numbers
        self.there = there
        self._is_plain = is_plain
        self._halves = halves

    def keys(self) -> Keys:
        """A hash a number, 0 for none."""
        keys: Keys = (self._halves[0] ^ self._halves[0] >> np.uint64(32)) * _ODD + self._halves[1]
        odd = np.flatnonzero(self.there & ~self._is_plain)
        for word in self._bytes[odd].astype("S24").view(np.uint64).reshape(-1, 3).T:
            keys[odd] = (keys[odd] ^ keys[odd] >> np.uint64(32)) * _ODD + word
        keys[~self.there] = 0
        return keys

    @classmethod
    def of(cls, numbers: npt.NDArray[np.bytes_]) -> _Numbers:
        """A column's."""
        there: Flags = numbers != b""
        held = np.flatnonzero(there)
        digits = _DIGIT_OF[_places(numbers[held])]
        is_plain = np.ones(len(numbers), dtype=bool)
        is_plain[held] = (digits != _OTHER).all(axis=1)
        last = digits[:, 16:].astype(np.uint64)
        one, other = (_packed(digits[:, columns]) for columns in (slice(8), slice(8, 16)))
        halves = [np.zeros(len(numbers), dtype=np.uint64) for _ in range(2)]
        halves[0][held] = one | last[:, 0] << np.uint64(32)
        halves[1][held] = other << np.uint64(4) | last[:, 1]
        return cls(numbers, there, is_plain, halves)

    def or_else(self, other: _Numbers) -> _Numbers:
        """These numbers, the other's where there is none."""
        return _Numbers(
            np.where(self.there, self._bytes, other._bytes),
            self.there | other.there,
            np.where(self.there, self._is_plain, other._is_plain),
            [np.where(self.there, *halves) for halves in zip(self._halves, other._halves, strict=True)],
        )

    def apart(self, mine: Places, other: _Numbers, theirs: Places) -> Ints:
        """Edits between two numbers; three and more are not told apart."""
        count = np.zeros(len(mine), dtype=np.int64)
        for one, two in zip(self._halves, other._halves, strict=True):
            count += _digits_that_differ(one[mine] ^ two[theirs])
        near = (count <= 2) | ~(self._is_plain[mine] & other._is_plain[theirs]) | (self._is_short(mine, other, theirs))
        index = np.flatnonzero(near)
        count[index] = _apart(self._bytes[mine[index]], other._bytes[theirs[index]])
        return count

    def _is_short(self, mine: Places, other: _Numbers, theirs: Places) -> Flags:
        """Where one number has fewer than 18 places."""
        last = np.uint64(_NONE)
        short: Flags = (self._halves[1][mine] & last == last) | (other._halves[1][theirs] & last == last)
        return short


def _packed(digits: npt.NDArray[np.uint8]) -> Keys:
    """Eight digits as 32 bits, in whatever order."""
    bits: Keys = np.ascontiguousarray(digits).view(np.uint64).ravel()
    for shift, kept in ((4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF)):
        bits = (bits | bits >> np.uint64(shift)) & np.uint64(kept)
    return bits


def _digits_that_differ(bits: Keys) -> Ints:
    """How many of nine groups of four bits hold a bit."""
    bits |= bits >> np.uint64(1)
    bits |= bits >> np.uint64(2)
    bits &= np.uint64(0x111111111)
    return ((bits * np.uint64(0x111111111)) >> np.uint64(32) & np.uint64(15)).astype(np.int64)


class OwnNumber(Comparison):
    """EQUAL where any number of one kind agrees; DIFFERENT where two birth certificates or documents differ."""

    fixed = OwnNumberLevel
    own_columns = (_OWN_NUMBERS, *_KINDS)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._numbers = Held(self.profiles[_OWN_NUMBERS].T)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        equal = self._numbers.in_common(left, right)
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


class Held:
    """Lists of hashes that profiles hold, the values of a place in a column; 0 is no value."""

    def __init__(self, columns: Sequence[Keys] | Keys) -> None:
        self._columns = [np.ascontiguousarray(column) for column in columns if column.any()]
        self._bits = np.zeros(len(columns[0]), np.uint64)  # one for each value: none in common, no value in common
        for column in self._columns:
            self._bits |= np.where(column != 0, np.uint64(1) << (column >> np.uint64(58)), np.uint64(0))
        self.there: Flags = self._bits != 0

    def in_common(self, left: Places, right: Places) -> Flags:
        """Whether two profiles hold a hash in common: mostly the first of both, or none."""
        if not self._columns:
            return np.zeros(len(left), dtype=bool)
        first = self._columns[0][left]
        common: Flags = (first == self._columns[0][right]) & (first != 0)
        rest = np.flatnonzero(~common & ((self._bits[left] & self._bits[right]) != 0))
        left, right = left[rest], right[rest]
        theirs = [column[right] for column in self._columns]
        found = np.zeros(len(rest), dtype=bool)
        for mine in (column[left] for column in self._columns):
            has = mine != 0
            for their in theirs:
                found |= has & (mine == their)
        common[rest] = found
        return common

    def missing(self, left: Places, right: Places) -> Flags:
        """Whether one of two profiles holds none."""
        missing: Flags = ~(self.there[left] & self.there[right])
        return missing
