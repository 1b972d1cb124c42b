"""A model version trained on the pairs of a period: their patterns, random pairs, and what people judged."""

from __future__ import annotations

import duckdb
import numpy as np

from matching.cases import decisions
from matching.comparison.coding import Coding, Patterns, patterns
from matching.comparison.columns import Ints
from matching.comparison.comparisons import Comparisons
from matching.comparison.pairs import Ends
from matching.model import Model
from matching.training import trained_model
from matching.training.estimate import Drawn, Judged, estimate
from matching.training.trained_model import Trained


def train(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    period: str,
    comparisons: Comparisons,
    shown: Patterns,
    candidates: Ends,
    drawn: Ints,
    profiles: int,
) -> Trained:
    """Estimate the weights and make them a version.

    ``shown``: the candidates' patterns; ``drawn``: the codes of random pairs; ``profiles``: how many there are.
    """
    told = _told(con, candidates, shown)
    random = Drawn.of(patterns(Coding(model.sizes, model.rare_fields), drawn), comparisons)
    weights = estimate(model, shown.found, shown.counts, random, profiles, told)
    return trained_model.write(con, model, period, weights, profiles)


def _told(con: duckdb.DuckDBPyConnection, candidates: Ends, shown: Patterns) -> Judged:
    """How many of these pairs, which are in order, people judged, by pattern: what no rule found has none."""
    same, different = (
        np.bincount(shown.place[_places(candidates, pairs)], minlength=len(shown.counts))
        for pairs in decisions.clear_pairs(con)
    )
    return Judged(same, different)


def _places(candidates: Ends, pairs: list[tuple[int, int]]) -> Ints:
    """Where pairs lie among the candidates; of those that do."""
    left, right = candidates
    wanted = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    first, last = (np.searchsorted(left, wanted[:, 0], side) for side in ("left", "right"))
    found = []
    for start, end, other in zip(first, last, wanted[:, 1], strict=True):
        place = start + np.searchsorted(right[start:end], other)
        if place < end and right[place] == other:
            found.append(place)
    return np.array(found, dtype=np.int64)
