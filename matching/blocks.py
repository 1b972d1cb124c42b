"""Profiles that bear one key, in numpy: how many, and which pairs they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]

PROFILES_AT_MOST = 1 << 29
"""A pair and the rule that found it are one integer: twice 29 bits for the profiles, five for the rule."""
RULE_BITS = 5
_ID_BITS = 29
_HELD_AT_MOST = 1 << 26  # codes, half a gigabyte of them
_AT_ONCE = 1 << 19  # pairs expanded at once, so that what lies between stays small


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows (profile, key) in the order of the keys; ``start`` and ``size`` of each key that several profiles bear."""

    profile: Ids
    key: Keys
    start: Places
    size: Places

    def crowded(self, at_most: int) -> tuple[Ids, Keys]:
        """Rows of the keys that more than ``at_most`` profiles bear."""
        row = _rows(self.start[self.size > at_most], self.size[self.size > at_most])
        return self.profile[row], self.key[row]

    def pairs(self, at_most: int) -> int:
        """How many pairs the keys make that at most so many profiles bear."""
        return count_pairs(self.size[self.size <= at_most])

    def codes(self, at_most: int, rule: int) -> Iterator[Codes]:
        """Those pairs as codes, in any order, perhaps more than once; ``rule`` is the rule's place."""
        usable = self.size <= at_most
        start, size = self.start[usable], self.size[usable]
        made = np.cumsum(size * (size - 1) // 2)
        cuts = np.searchsorted(made, np.arange(_AT_ONCE, made[-1] if len(made) else 0, _AT_ONCE))
        for part in np.split(np.arange(len(start)), cuts):
            if len(part):
                yield _codes(self.profile, start[part], size[part], rule)


def blocks(profile: Ids, key: Keys) -> Blocks:
    """Bring rows into blocks, in any order; a profile bears a key once."""
    order = np.argsort(key)
    key = key[order]
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
    size = np.diff(start, append=len(key))
    several = size > 1
    return Blocks(profile[order], key, start[several], size[several])


def count_pairs(size: Places) -> int:
    """How many pairs blocks of these sizes make."""
    return int((size * (size - 1) // 2).sum())


class Gathered:
    """Every pair once, with the rules that found it, gathered from the rules' codes as they come.

    Several rules find the same pairs, so what has come is put together each time it has grown large.
    """

    def __init__(self) -> None:
        self._codes: list[Codes] = []
        self._pairs, self._rules = np.zeros(0, np.int64), np.zeros(0, np.uint32)

    def add(self, codes: Iterable[Codes]) -> None:
        """Take the codes of a rule's pairs."""
        for part in codes:
            self._codes.append(part)
            if sum(map(len, self._codes)) > _HELD_AT_MOST:
                self._put_together()

    def pairs(self) -> tuple[Ids, Ids, npt.NDArray[np.uint32]]:
        """All of them by profiles, the rules as bits: left, right, rules."""
        self._put_together()
        left, right = (self._pairs >> _ID_BITS).astype(np.int32), self._pairs & (PROFILES_AT_MOST - 1)
        return left, right.astype(np.int32), self._rules

    def _put_together(self) -> None:
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, np.int64)
        self._codes.clear()
        codes.sort()
        bit = np.uint32(1) << (codes & ((1 << RULE_BITS) - 1)).astype(np.uint32)
        pairs, rules = _once(codes >> RULE_BITS, bit)
        del codes, bit
        if len(self._pairs):
            pairs, rules = np.concatenate([self._pairs, pairs]), np.concatenate([self._rules, rules])
            order = np.argsort(pairs, kind="stable")  # two sorted runs
            pairs, rules = _once(pairs[order], rules[order])
        self._pairs, self._rules = pairs, rules


def merge(found: Iterable[Codes]) -> tuple[Ids, Ids, npt.NDArray[np.uint32]]:
    """Every pair of these codes once, by profiles, with the rules that found it as bits: left, right, rules."""
    gathered = Gathered()
    gathered.add(found)
    return gathered.pairs()


def _once(pairs: Codes, rules: npt.NDArray[np.uint32]) -> tuple[Codes, npt.NDArray[np.uint32]]:
    """Sorted pairs without repeats, each with the bits of all its repeats."""
    if not len(pairs):
        return pairs, rules
    first = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
    return pairs[first], np.bitwise_or.reduceat(rules, first)


def _rows(start: Places, size: Places) -> Places:
    """The places start, start + 1, … of each run, one run after another."""
    ends = np.cumsum(size)
    rows: Places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - ends + size, size)
    return rows


def _codes(profile: Ids, start: Places, size: Places, rule: int) -> Codes:
    row = _rows(start, size)
    after = np.repeat(start + size, size) - row - 1  # how many rows of its block follow a row
    one, other = profile[np.repeat(row, after)], profile[_rows(row + 1, after)]
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    codes: Codes = (low << _ID_BITS | high) << RULE_BITS | rule
    return codes
