"""A pair's levels and the rarity of its values as one integer, its code; the patterns, which are the distinct codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.comparison.columns import Flags, Index, Ints, Levels, Places

RAREST = 7
"""Rarity runs from -RAREST to RAREST: how many times two rarer than agreeing values are on the whole."""
_RARITIES = 2 * RAREST + 1


@dataclass(frozen=True, slots=True)
class Compared:
    """Levels of every pair or pattern by field, and rarity by field that knows it; all arrays of one length."""

    levels: dict[str, Levels]
    rarity: dict[str, Levels]

    @property
    def size(self) -> int:
        """How many pairs or patterns."""
        return len(next(iter(self.levels.values())))


class Coding:
    """What a field's level and rarity add to a pair's code.

    ``sizes``: how many levels each field has, missing among them; ``rare_fields``: those whose rarity counts.
    """

    def __init__(self, sizes: Mapping[str, int], rare_fields: Collection[str]) -> None:
        self._sizes = dict(sizes)
        self._level_unit: dict[str, int] = {}
        self._rarity_unit: dict[str, int] = {}
        unit = 1
        for field, size in reversed(self._sizes.items()):
            self._level_unit[field] = unit
            unit *= size
        for field in reversed([*rare_fields]):
            self._rarity_unit[field] = unit
            unit *= _RARITIES
        self._rare_fields = tuple(rare_fields)

    def of_level(self, field: str, level: Levels) -> Ints:
        """What levels of a field add."""
        return level.astype(np.int64) * self._level_unit[field]

    def of_rarity(self, field: str, rarity: Levels) -> Ints:
        """What the rarity of a field's values adds."""
        return (rarity.astype(np.int64) + RAREST) * self._rarity_unit[field]

    def level(self, field: str, codes: Ints) -> Levels:
        """The level of a field that codes hold."""
        found: Levels = (codes // self._level_unit[field] % self._sizes[field]).astype(np.int8)
        return found

    def codes(self, compared: Compared) -> Ints:
        """One integer a row, the same for the same levels and rarity."""
        code = np.zeros(compared.size, dtype=np.int64)
        for field, level in compared.levels.items():
            code += self.of_level(field, level)
        for field, rarity in compared.rarity.items():
            code += self.of_rarity(field, rarity)
        return code

    def unpacked(self, codes: Ints) -> Compared:
        """The levels and rarity that codes hold."""
        rarity = {
            field: (codes // self._rarity_unit[field] % _RARITIES - RAREST).astype(np.int8)
            for field in self._rare_fields
        }
        return Compared({field: self.level(field, codes) for field in self._sizes}, rarity)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct codes in order as levels and rarity, each pair's place among them, how many pairs have each."""

    found: Compared
    codes: Ints
    place: Index
    counts: Ints


class LevelsByPattern(Mapping[str, Levels]):
    """Levels of pairs by field, looked up in their patterns when they are first asked for."""

    def __init__(self, found: Compared, place: Index | Places) -> None:
        self._found = found
        self._place = place
        self._looked_up: dict[str, Levels] = {}

    def __getitem__(self, field: str) -> Levels:
        """Level of each pair by one field."""
        if field not in self._looked_up:
            self._looked_up[field] = self._found.levels[field][self._place]
        return self._looked_up[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found.levels)

    def __len__(self) -> int:
        return len(self._found.levels)

    def of(self, pairs: Places | Flags) -> LevelsByPattern:
        """The same of some of the pairs."""
        return LevelsByPattern(self._found, self._place[pairs])


def patterns(coding: Coding, codes: Ints) -> Patterns:
    """The patterns of pairs with these codes. Told apart by hashing: there are few, sorting all takes long."""
    encoded = pa.array(codes).dictionary_encode()
    distinct = encoded.dictionary.to_numpy()
    order = np.argsort(distinct)
    place = _rank(order)[encoded.indices.to_numpy()]
    counts = np.bincount(place, minlength=len(order))
    return Patterns(coding.unpacked(distinct[order]), distinct[order], place, counts)


def _rank(order: npt.NDArray[np.intp]) -> Index:
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank
