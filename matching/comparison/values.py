"""Kinds of comparison for any column: equal or not, alike as text, as a number, as an amount, as a set of words.

Texts are compared once a *distinct pair of values*, in arrays: values repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Jaro, JaroWinkler, Levenshtein
from rapidfuzz.process import cpdist
from scipy.sparse import csr_matrix

from matching.comparison.columns import Amount as AmountColumn
from matching.comparison.columns import Code, Column, DistinctTexts, Flags, Floats, Index, Levels, Text, Values
from matching.comparison.comparison import Batch, Commonness, Comparison, Setting, SpecError
from matching.comparison.frequency import commonness
from matching.comparison.levels import EqualLevel
from matching.comparison.spec import FieldSpec

_DIFFERENT = 1
_PERCENT = 100.0
_SIMILARITIES: dict[str, tuple[Callable[..., Any], float]] = {
    "jaro_winkler": (JaroWinkler.normalized_similarity, 1.0),
    "jaro": (Jaro.normalized_similarity, 1.0),
    "levenshtein": (Levenshtein.normalized_similarity, 1.0),
    "osa": (OSA.normalized_similarity, 1.0),
    "ratio": (fuzz.ratio, _PERCENT),
    "token_sort": (fuzz.token_sort_ratio, _PERCENT),
    "token_set": (fuzz.token_set_ratio, _PERCENT),
}
Measure = Callable[[Values, Values], Floats]


class Exact(Comparison):
    """Equal or not, whatever the values are."""

    fixed = EqualLevel

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._codes = self.profiles[Code(spec.of[0])]
        self._common = commonness(setting, self._codes, self._codes != 0) if spec.frequency else None

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """One column."""
        return (Code(spec.of[0]),)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = self._codes[batch.left], self._codes[batch.right]
        level = np.full(len(left), EqualLevel.DIFFERENT, dtype=np.int8)
        level[left == right] = EqualLevel.EQUAL
        level[(left == 0) | (right == 0)] = EqualLevel.MISSING
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the value, where ``frequency`` asks for it."""
        return {EqualLevel.EQUAL: self._common} if self._common else {}


class Texts(Comparison):
    """What text, number and set have in common: levels by what the model file asks of a distinct pair of values."""

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._codes: Index = self.profiles[Text(spec.of[0])]
        self._values = self.profiles[DistinctTexts(spec.of[0])]
        self._common = commonness(setting, self._codes, self._codes >= 0)

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """One text, and those it may have changed places with."""
        names = (spec.of[0], *spec.crossed_with)
        return (*(Text(name) for name in names), *(DistinctTexts(name) for name in names))

    @classmethod
    def check(cls, name: str, spec: FieldSpec) -> None:
        """Also that there is one column."""
        super().check(name, spec)
        if len(spec.of) != 1:
            raise SpecError(f"fields.{name}.of: kind `{spec.kind}` compares one column, found {list(spec.of)}")

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch; the best that holds."""
        left, right = self._codes[batch.left], self._codes[batch.right]
        both = np.flatnonzero((left >= 0) & (right >= 0))
        distinct_left, distinct_right, place = _distinct(left[both], right[both])
        level = np.zeros(len(left), dtype=np.int8)
        level[both] = self._levels(distinct_left, distinct_right)[place]
        for code, stated in enumerate(self.spec.levels.values(), start=1):
            if stated.crossed_with:
                level[self._crossed(batch, stated.crossed_with, stated.similarity) & (level < code)] = code
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the value."""
        return {len(self.spec.levels): self._common}

    def _levels(self, left: Index, right: Index) -> Levels:
        level = np.full(len(left), _DIFFERENT, dtype=np.int8)
        found: dict[str, Floats] = {}
        unequal = np.flatnonzero(left != right)
        a, b = self._values[left[unequal]], self._values[right[unequal]]
        for code, stated in enumerate(self.spec.levels.values(), start=1):
            for condition, bound in stated.conditions().items():
                if stated.crossed_with or isinstance(bound, str):
                    continue
                if condition not in found:
                    found[condition] = self._measure(condition)(a, b)
                level[unequal[_holds(condition, found[condition], bound)]] = code
        level[left == right] = len(self.spec.levels)
        return level

    def _measure(self, condition: str) -> Measure:
        """What a condition asks of two arrays of texts."""
        if condition == "overlap":
            return _overlap
        measure = self.spec.measure or next(iter(_SIMILARITIES))
        scorer, whole = (OSA.distance, 1.0) if condition == "edits" else _SIMILARITIES[measure]
        threads = self.setting.threads
        return lambda a, b: cpdist(a, b, scorer=scorer, dtype=np.float64, workers=threads) / whole

    def _crossed(self, batch: Batch, other: str, similarity: float | None) -> Flags:
        """Whether the values of two columns have changed places: both crosswise alike, and one of them surely.

        A value that is missing crosswise says nothing; at least one must be there.
        """
        theirs = self.profiles[Text(other)]
        their_values = self.profiles[DistinctTexts(other)]
        alike = np.ones(len(batch.left), dtype=bool)
        surely = np.zeros(len(batch.left), dtype=bool)
        measure = self._measure("similarity")
        for one, another in ((batch.left, batch.right), (batch.right, batch.left)):
            mine, crossed = self._codes[one], theirs[another]
            both = np.flatnonzero((mine >= 0) & (crossed >= 0))
            a, b, place = _distinct(mine[both], crossed[both], ordered=True)
            close = measure(self._values[a], their_values[b])[place]
            alike[both] &= close >= (similarity or 1.0)
            surely[both] |= close == 1.0
        crossed_over: Flags = alike & surely
        return crossed_over


class TextLike(Texts):
    """Alike as text: levels by ``similarity`` (0 to 1 by ``measure``), ``edits``, ``crossed_with`` another column."""

    conditions = frozenset({"similarity", "edits", "crossed_with"})
    measures = frozenset(_SIMILARITIES)


class NumberText(Texts):
    """A number written in digits: levels by ``edits``; two neighbours exchanged are one edit."""

    conditions = frozenset({"edits"})


class WordSet(Texts):
    """Words in any order, made by the normaliser ``words``: levels by ``overlap``, shared words by all words."""

    conditions = frozenset({"overlap"})


class Amount(Comparison):
    """A quantity: levels by ``within``, the largest difference."""

    conditions = frozenset({"within"})

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """One quantity."""
        return (AmountColumn(spec.of[0]),)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch; the best that holds."""
        amounts = self.profiles[AmountColumn(self.spec.of[0])]
        apart = np.abs(amounts[batch.left] - amounts[batch.right])
        level = np.full(len(apart), _DIFFERENT, dtype=np.int8)
        for code, stated in enumerate(self.spec.levels.values(), start=1):
            if stated.within is not None:
                level[apart <= stated.within] = code
        level[apart == 0] = len(self.spec.levels)
        level[np.isnan(apart)] = 0
        return level


def _distinct(left: Index, right: Index, ordered: bool = False) -> tuple[Index, Index, Values]:
    """Distinct pairs of codes, either way round unless ``ordered``, and each pair's place among them."""
    low, high = (left, right) if ordered else (np.minimum(left, right), np.maximum(left, right))
    packed, place = np.unique(low.astype(np.int64) << 32 | high, return_inverse=True)
    return (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32), place


def _holds(condition: str, measured: Floats, bound: float) -> Flags:
    holds: Flags = measured <= bound if condition == "edits" else measured >= bound
    return holds


def _overlap(left: Values, right: Values) -> Floats:
    """Words that two texts share, of all their words."""
    texts, place = np.unique(np.concatenate([left, right]).astype(str), return_inverse=True)
    rows = _word_rows(texts.tolist())
    one, other = rows[place[: len(left)]], rows[place[len(left) :]]
    shared = np.asarray(one.multiply(other).sum(axis=1)).ravel().astype(np.float64)
    either = np.asarray(one.sum(axis=1) + other.sum(axis=1)).ravel() - shared
    found: Floats = shared / np.maximum(either, 1.0)
    return found


def _word_rows(texts: list[str]) -> Any:
    """A sparse matrix of a row a text and a column a word."""
    words: dict[str, int] = {}
    held = [sorted({words.setdefault(word, len(words)) for word in text.split()}) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in held])]) if held else np.zeros(1, dtype=np.int64)
    columns = np.fromiter(_flat(held), dtype=np.int64)
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), max(len(words), 1)))


def _flat(rows: list[list[int]]) -> Iterator[int]:
    return (column for row in rows for column in row)
