"""The guard that holds each pair before any looks at other pairs: pair by pair, in portions on all threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from matching.comparison.coding import LevelsByPattern, Patterns
from matching.comparison.columns import Column, Floats, Index, Levels, Places
from matching.comparison.comparison import Setting
from matching.comparison.comparisons import Comparisons
from matching.comparison.pairs import AT_ONCE, Ends
from matching.guards import guard
from matching.guards.guard import Scores, Seen
from matching.guards.names import GUARDS
from matching.model import Model
from matching.training.estimate import Weights, score


def columns(model: Model, looking_around: bool = False) -> tuple[Column, ...]:
    """The columns that the model's guards read; ``looking_around``: those only that look at other pairs."""
    chosen = [GUARDS[name] for name in model.guards]
    return tuple(column for each in chosen if each.looks_around or not looking_around for column in each.columns)


def scores(model: Model, weights: Weights, of_pairs: Floats) -> Scores:
    """What a second look goes by."""
    nearest, bounds = weights.shares[model.classes[1]], model.bands
    against = {name: np.log2(share / nearest[name]) for name, share in weights.shares["same"].items()}
    chance = weights.shares["other"]
    return Scores(of_pairs, against, chance, bounds.link_from, bounds.review_from, bounds.conflict_below)


def find(
    model: Model, comparisons: Comparisons, setting: Setting, patterns: Patterns, ends: Ends, weights: Weights
) -> Levels:
    """By pair, the place of its guard among the model's, from 1; 0 where none holds it."""
    for column in columns(model):  # read now: DuckDB is asked by one thread
        setting.profiles[column]
    left, right = ends
    around = partial(seen_by_guards, model, comparisons, setting)
    scored = score(weights, patterns.found).score
    found = np.zeros(len(left), dtype=np.int8)

    def hold(at: int) -> None:
        part = slice(at, at + AT_ONCE)
        place = patterns.place[part].astype(np.intp)
        seen = around(LevelsByPattern(patterns.found, place), (left[part].astype(np.intp), right[part].astype(np.intp)))
        found[part] = guard.first_of_alike(GUARDS, model.guards, seen, scores(model, weights, scored[place]), place)

    with ThreadPoolExecutor(setting.threads) as threads:
        list(threads.map(hold, range(0, len(left), AT_ONCE)))
    return found


def seen_by_guards(
    model: Model,
    comparisons: Comparisons,
    setting: Setting,
    levels: LevelsByPattern,
    ends: tuple[Index | Places, Index | Places],
) -> Seen:
    """Pairs as the model's guards see them."""
    counted, sources = setting.profiles_counted, model.sources
    return Seen(setting.profiles, comparisons, counted, levels, *ends, sources.once, sources.one_row)
