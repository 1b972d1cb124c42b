"""Pairs of profiles into codes: one level a field, and how rare the values are that agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from matching.comparison.coding import Coding
from matching.comparison.columns import Index, Ints
from matching.comparison.comparison import Batch, Comparison
from matching.comparison.comparisons import Comparisons
from matching.comparison.frequency import rarity

Ends = tuple[Index, Index]
"""Pairs (left[i], right[i]) of profiles."""
AT_ONCE = 250_000
"""Pairs that one thread takes."""


def compare(comparisons: Comparisons, *pairs: Ends) -> list[Ints]:
    """The code of each pair of each lot, field after field, in batches on all threads."""
    coding = coding_of(comparisons)
    level_names = {name: spec.level_names for name, spec in comparisons.specs.items()}
    codes = [np.zeros(len(left), dtype=np.int64) for left, _ in pairs]
    with ThreadPoolExecutor(comparisons.threads) as threads:
        for name in comparisons.in_order:
            add = partial(_add, coding, comparisons[name], level_names)
            for (left, right), code in zip(pairs, codes, strict=True):
                starts = range(0, len(left), AT_ONCE)
                list(threads.map(add, *([side[at : at + AT_ONCE] for at in starts] for side in (left, right, code))))
    comparisons.rest()
    return codes


def coding_of(comparisons: Comparisons) -> Coding:
    """How codes hold what these comparisons find."""
    specs = comparisons.specs
    sizes = {name: len(spec.level_names) for name, spec in specs.items()}
    return Coding(sizes, [name for name, spec in specs.items() if spec.frequency])


def _add(
    coding: Coding,
    comparison: Comparison,
    level_names: Mapping[str, Sequence[str]],
    left: Index,
    right: Index,
    code: Ints,
) -> None:
    """Add a field's levels, and its values' rarity, to codes."""
    name, spec = comparison.name, comparison.spec
    batch = Batch(coding, left, right, code)
    level = comparison.compare(batch)
    for beside, neutral in spec.neutral_where.items():
        level[np.isin(batch.levels(beside), [level_names[beside].index(each) for each in neutral])] = 0
    if spec.frequency:
        code += coding.of_rarity(name, rarity(comparison.commonness(), level, batch.left, batch.right))
    code += coding.of_level(name, level)


def random_pairs(size: int, many: int) -> Ends:
    """Pairs drawn at random, the same for the same number of profiles; all there are, once, where they are no more."""
    if size * (size - 1) // 2 <= many:
        left, right = np.triu_indices(size, k=1)
        return left.astype(np.int32), right.astype(np.int32)
    generator = np.random.default_rng(size)
    one = generator.integers(0, size, many, dtype=np.int32)
    other = generator.integers(0, size - 1, many, dtype=np.int32)
    other += other >= one
    return one, other
