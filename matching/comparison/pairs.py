"""Pairs of profiles into patterns: one level a field, and how rare the values are that agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.comparison.columns import Index, Ints, Levels
from matching.comparison.comparison import Batch, Comparison
from matching.comparison.frequency import RAREST, rarity

_BATCH = 250_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Levels of every pair by field, and rarity by field that knows it; all arrays as long as there are pairs."""

    levels: dict[str, Levels]
    rarity: dict[str, Levels]

    @property
    def size(self) -> int:
        """How many pairs."""
        return len(next(iter(self.levels.values())))


def compare(comparisons: Mapping[str, Comparison], left: Index, right: Index) -> Compared:
    """Levels and rarity of each pair (left[i], right[i]), in batches on all threads."""
    batches = [
        Batch(comparisons, left[at : at + _BATCH], right[at : at + _BATCH])
        for at in range(0, max(len(left), 1), _BATCH)
    ]
    with ThreadPoolExecutor(next(iter(comparisons.values())).setting.threads) as threads:
        return _joined(list(threads.map(partial(_compare, comparisons), batches)))


def _compare(comparisons: Mapping[str, Comparison], batch: Batch) -> Compared:
    levels = {name: batch.levels(name) for name in comparisons}
    return Compared(
        levels,
        {
            name: rarity(comparison.commonness(), levels[name], batch.left, batch.right)
            for name, comparison in comparisons.items()
            if comparison.spec.frequency
        },
    )


def _joined(batches: Sequence[Compared]) -> Compared:
    first = batches[0]
    return Compared(
        {field: np.concatenate([batch.levels[field] for batch in batches]) for field in first.levels},
        {field: np.concatenate([batch.rarity[field] for batch in batches]) for field in first.rarity},
    )


def random_pairs(size: int, many: int) -> tuple[Index, Index]:
    """Pairs drawn at random, the same for the same number of profiles; all there are, once, where they are no more."""
    if size * (size - 1) // 2 <= many:
        left, right = np.triu_indices(size, k=1)
        return left.astype(np.int32), right.astype(np.int32)
    generator = np.random.default_rng(size)
    one = generator.integers(0, size, many, dtype=np.int32)
    other = generator.integers(0, size - 1, many, dtype=np.int32)
    other += other >= one
    return one, other


def patterns(compared: Compared, sizes: Mapping[str, int]) -> tuple[Compared, Ints, Ints]:
    """The distinct patterns of levels and rarity, each pair's place among them, and how many pairs have each.

    ``sizes``: how many levels each field has, missing among them.
    """
    codes, place, counts = np.unique(pattern_codes(compared, sizes), return_inverse=True, return_counts=True)
    return unpacked(codes, compared.rarity, sizes), place, counts


def pattern_codes(compared: Compared, sizes: Mapping[str, int]) -> Ints:
    """One integer a pair, the same for the same levels and rarity."""
    code = np.zeros(compared.size, dtype=np.int64)
    for rare in compared.rarity.values():
        code = code * (2 * RAREST + 1) + (rare + RAREST)
    for field, size in sizes.items():
        code = code * size + compared.levels[field]
    return code


def unpacked(codes: Ints, rare_fields: Collection[str], sizes: Mapping[str, int]) -> Compared:
    """The levels and rarity that :func:`pattern_codes` made codes of; ``rare_fields`` in the order they came in."""
    levels: dict[str, Levels] = {}
    rest = codes.copy()
    for field, size in reversed([*sizes.items()]):
        levels[field] = (rest % size).astype(np.int8)
        rest //= size
    rare: dict[str, Levels] = {}
    for field in reversed([*rare_fields]):
        rare[field] = (rest % (2 * RAREST + 1) - RAREST).astype(np.int8)
        rest //= 2 * RAREST + 1
    return Compared({field: levels[field] for field in sizes}, {field: rare[field] for field in rare_fields})
