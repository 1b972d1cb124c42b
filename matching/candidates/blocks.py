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
class Sizes:
    """How many profiles bear a key, where several do, and how many ``keys`` so many bear; sizes once each, in order."""

    size: Places
    keys: Places

    @property
    def largest(self) -> int:
        """How many profiles the most crowded key has; 0 without keys."""
        return int(self.size.max(initial=0))

    def keys_over(self, at_most: int) -> int:
        """How many keys more than ``at_most`` profiles bear."""
        return int(self.keys[self.size > at_most].sum())

    def pairs(self, at_most: int) -> int:
        """How many pairs the keys make that at most so many profiles bear."""
        return int(self._made()[self.size <= at_most].sum())

    def pairs_over(self, at_most: int) -> int:
        """How many pairs the others would make."""
        return int(self._made()[self.size > at_most].sum())

    def bound(self, at_most: int, pairs: float) -> int:
        """How many profiles a key may have: ``at_most``, or fewer where such keys make more than ``pairs``, but two."""
        fits = (np.cumsum(self._made()) <= pairs) | (self.size == 2)
        first_over = self.size[~fits]
        return min(at_most, int(first_over[0]) - 1) if len(first_over) else at_most

    def _made(self) -> Places:
        return self.keys * (self.size * (self.size - 1) // 2)


NO_SIZES = Sizes(np.zeros(0, np.int64), np.zeros(0, np.int64))


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

    def sizes(self) -> Sizes:
        """How many keys have how many profiles."""
        return Sizes(*np.unique(self.size, return_counts=True))

    def codes(self, at_most: int, rule: int) -> Iterator[Codes]:
        """Those pairs as codes, in any order, perhaps more than once; ``rule`` is the rule's place."""
        usable = self.size <= at_most
        start, size = self.start[usable], self.size[usable]
        while len(size):
            many = int(size.min())
            is_so_large = size == many
            yield from _codes_of(self.profile, start[is_so_large], many, rule)
            start, size = start[~is_so_large], size[~is_so_large]


def blocks(profile: Ids, key: Keys) -> Blocks:
    """Bring rows into blocks, in any order; a profile bears a key once."""
    profile, key = _in_order(profile, key)
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
    size = np.diff(start, append=len(key))
    several = size > 1
    return Blocks(profile, key, start[several], size[several])


def _in_order(profile: Ids, key: Keys) -> tuple[Ids, Keys]:
    """Rows in the order of their keys: a key's first bits and its place in one integer sort in half the time.

    Keys that are alike so far are put in order by all their bits: at most a few.
    """
    places = np.uint64((1 << max(len(key) - 1, 1).bit_length()) - 1)
    packed = key & ~places
    packed |= np.arange(len(key), dtype=np.uint64)
    packed.sort()
    order = (packed & places).view(np.int64)
    ordered = key[order]
    falls = np.flatnonzero(ordered[1:] < ordered[:-1])
    for first in np.unique(packed[falls] & ~places):
        alike = slice(np.searchsorted(packed, first), np.searchsorted(packed, first | places, "right"))
        again = np.argsort(ordered[alike])
        order[alike], ordered[alike] = order[alike][again], ordered[alike][again]
    return profile[order], ordered


class Gathered:
    """Every pair once, with the rules that found it, gathered from the rules' codes as they come.

    Several rules find the same pairs, so what has come is put together each time it has grown large.
    """

    def __init__(self) -> None:
        self._codes, self._many = np.zeros(0, np.int64), 0
        self._pairs, self._rules = np.zeros(0, np.int64), np.zeros(0, np.uint32)

    def add(self, codes: Iterable[Codes]) -> None:
        """Take the codes of a rule's pairs."""
        for part in codes:
            if self._many + len(part) > len(self._codes):
                self._put_together()
                self._codes = np.empty(max(_HELD_AT_MOST, len(part)), np.int64)  # takes memory as it is filled
            self._codes[self._many : self._many + len(part)] = part
            self._many += len(part)

    def size(self) -> int:
        """How many pairs there are, when no more codes come."""
        self._put_together()
        self._codes = np.zeros(0, np.int64)
        return len(self._pairs)

    def pairs(self, part: slice) -> tuple[Ids, Ids, npt.NDArray[np.uint32]]:
        """Some of them in the order of the profiles, the rules as bits: left, right, rules."""
        pairs = self._pairs[part]
        left, right = pairs >> _ID_BITS, pairs & (PROFILES_AT_MOST - 1)
        return left.astype(np.int32), right.astype(np.int32), self._rules[part]

    def _put_together(self) -> None:
        """Put the codes that came among the pairs there are, a stretch of both at a time."""
        codes = self._codes[: self._many]
        self._many = 0
        codes.sort()
        at_most = len(self._pairs) + len(codes)
        pairs, rules, made = np.empty(at_most, np.int64), np.empty(at_most, np.uint32), 0
        bounds = codes[_AT_ONCE::_AT_ONCE] >> RULE_BITS
        ends = np.append(np.searchsorted(self._pairs, bounds), len(self._pairs)).tolist()
        stops = np.append(np.searchsorted(codes, bounds << RULE_BITS), len(codes)).tolist()
        done, taken = 0, 0
        for until, to in zip(ends, stops, strict=True):
            found, by = _merged(self._pairs[done:until], self._rules[done:until], codes[taken:to])
            pairs[made : made + len(found)], rules[made : made + len(found)] = found, by
            made, done, taken = made + len(found), until, to
        self._pairs, self._rules = pairs[:made], rules[:made]


def merge(found: Iterable[Codes]) -> tuple[Ids, Ids, npt.NDArray[np.uint32]]:
    """Every pair of these codes once, by profiles, with the rules that found it as bits: left, right, rules."""
    gathered = Gathered()
    gathered.add(found)
    return gathered.pairs(slice(gathered.size()))


def _merged(pairs: Codes, rules: npt.NDArray[np.uint32], codes: Codes) -> tuple[Codes, npt.NDArray[np.uint32]]:
    """Pairs in order and codes in order as pairs in order."""
    bit = np.uint32(1) << (codes & ((1 << RULE_BITS) - 1)).astype(np.uint32)
    more, by = _once(codes >> RULE_BITS, bit)
    if not len(pairs):
        return more, by
    pairs, rules = np.concatenate([pairs, more]), np.concatenate([rules, by])
    order = np.argsort(pairs, kind="stable")  # two sorted runs
    return _once(pairs[order], rules[order])


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


def _codes_of(profile: Ids, start: Places, size: int, rule: int) -> Iterator[Codes]:
    """Pairs of blocks of one size, as codes."""
    one, other = np.triu_indices(size, k=1)
    at_once = max(_AT_ONCE // len(one), 1)
    for at in range(0, len(start), at_once):
        held = profile[start[at : at + at_once, None] + np.arange(size)]
        left, right = held[:, one].ravel(), held[:, other].ravel()
        codes = np.minimum(left, right).astype(np.int64)
        codes <<= _ID_BITS
        codes |= np.maximum(left, right)
        codes <<= RULE_BITS
        codes |= rule
        yield codes
