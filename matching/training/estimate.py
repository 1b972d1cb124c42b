"""What each level is worth: classes of pairs, estimated from counts of patterns.

The classes are *the same thing*, where the model has it *another of the household*, and *something else*. What
strangers agree on by chance is counted on random pairs; the other classes come from expectation maximisation over the
candidate pairs, where a pair of strangers is expected as often as chance makes one among all pairs of profiles. So
blocking doesn't bend the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import cast

import numpy as np

from matching.comparison.coding import Compared, Patterns
from matching.comparison.columns import Flags, Floats, Ints, Levels
from matching.comparison.comparisons import Comparisons
from matching.comparison.spec import FieldSpec
from matching.model import Model

Shares = dict[str, Floats]
"""Probability of each level by field, code by code. Code 0, missing, is 1: neutral."""

_WORST = 0.05
_BETWEEN = 0.05
_UNSEEN = 0.5
"""A level of which chance showed no pair is held to have been seen half a time."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Probabilities of each level by class and field, and how many pairs of each class there are.

    The last class is strangers: all pairs of profiles. ``rounds`` and ``change`` say whether the estimation settled.
    """

    shares: dict[str, Shares]
    pairs: dict[str, float]
    rounds: int = 0
    change: float = float("inf")
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """Class probabilities of each pattern and the score: log2 odds of the same thing against the alternatives."""

    by_class: dict[str, Floats]
    score: Floats


@dataclass(frozen=True, slots=True)
class Drawn:
    """Patterns of randomly drawn pairs, their counts, and the shares that value counts say: by field and level."""

    patterns: Compared
    counts: Ints
    known: dict[str, dict[int, float]]

    @classmethod
    def of(cls, drawn: Patterns, comparisons: Comparisons) -> Drawn:
        """With what the comparisons know by counting values."""
        return cls(drawn.found, drawn.counts, {name: comparisons.chance(name) for name in comparisons.specs})


@dataclass(frozen=True, slots=True)
class Judged:
    """How many pairs of each pattern people said are one thing, and how many they said aren't."""

    same: Ints
    different: Ints


def strangers_shares(model: Model, drawn: Drawn, weight: Floats) -> Shares:
    """How often strangers show each level: as stated, from value counts, or as counted in the random pairs.

    ``weight``: how many strangers' pairs each pattern of the drawn ones stands for.
    """
    found: Shares = {}
    for name, field in model.fields.items():
        counts = np.bincount(drawn.patterns.levels[name], weights=weight, minlength=len(field.level_names))
        prior, weighs = _prior_of_strangers(model, field)
        shares = (counts + prior) / (counts[1:].sum() + weighs)
        for code, known in drawn.known[name].items():
            shares[code] = known
        for code, level in enumerate(field.levels.values(), start=1):
            if level.other is not None:
                shares[code] = level.other
            shares[code] = max(shares[code], level.other_at_least or 0.0)
        shares[0] = 1.0
        found[name] = np.maximum(shares, model.estimation.rarest)
    return found


def estimate(
    model: Model, patterns: Compared, counts: Ints, drawn: Drawn, profiles: int, judged: Judged | None = None
) -> Weights:
    """Estimate the classes of related pairs on the counts of candidate patterns.

    Strangers' shares stay as they are, unless the model takes what is held for one thing out of the random pairs.
    Data smaller than ``estimation.population_at_least`` keep the stated numbers of pairs, and stated shares weigh the
    more the smaller they are: in a piece of a population a few odd pairs would else make a class of their own.
    ``judged`` pairs are among those counted: their class isn't guessed, so that people's verdicts move the weights as
    much as so many certain pairs do, and no more.
    """
    patterns = _looked_up_fast(patterns)
    settings = model.estimation
    population = max(profiles, settings.population_at_least)
    prior_pairs = settings.prior_pairs * population / max(profiles, 1)
    stated = {side: _stated(model, side) for side in model.classes[:-1]}
    expected = {"same": settings.pairs_per_profile, "household": settings.siblings_per_profile}
    weights = Weights(
        {**stated, "other": strangers_shares(model, drawn, drawn.counts.astype(np.float64))},
        {side: expected[side] * population for side in stated} | {"other": population * (population - 1) / 2},
    )
    stays = settings.sample == "as_drawn"  # then strangers' shares are the same in every round
    known = {"other": _log_likely(weights, patterns, "other")} if stays else {}
    for done in range(1, settings.rounds_at_most + 1):
        likely = score(weights, patterns, known).by_class
        found = _round(model, weights, stated, patterns, likely, counts, prior_pairs, judged)
        if not stays:
            strangers = score(weights, drawn.patterns).by_class["other"] * drawn.counts
            found = replace(found, shares=found.shares | {"other": strangers_shares(model, drawn, strangers)})
        change = _largest_change(found.shares, weights.shares)
        pairs = found.pairs if profiles >= population else weights.pairs
        weights = Weights(found.shares, pairs, done, change, change <= settings.settled_at)
        if weights.settled:
            break
    return weights


def _looked_up_fast(patterns: Compared) -> Compared:
    """The same with levels as numpy looks up by: every round does it for each field."""
    return replace(
        patterns, levels={name: cast(Levels, level.astype(np.intp)) for name, level in patterns.levels.items()}
    )


def score(weights: Weights, patterns: Compared, known: Mapping[str, Floats] | None = None) -> Scored:
    """Class probabilities of each pattern, in logarithms until the end so that nothing underflows.

    ``known``: classes whose logarithms are known already.
    """
    known = known or {}
    likely = {side: known[side] if side in known else _log_likely(weights, patterns, side) for side in weights.pairs}
    same, *others = likely.values()
    against = reduce(np.logaddexp, others)
    whole = np.logaddexp(same, against)
    return Scored({side: np.exp(each - whole) for side, each in likely.items()}, (same - against) / np.log(2.0))


def _log_likely(weights: Weights, patterns: Compared, side: str) -> Floats:
    """Logarithm of how many pairs of a class show each pattern."""
    likely: Floats = np.full(patterns.size, np.log(max(weights.pairs[side], 1e-9)))
    if side == "other":
        for rare in patterns.rarity.values():
            likely -= rare * np.log(2.0)
    for field, level in patterns.levels.items():
        likely += np.log(weights.shares[side][field])[level]
    return likely


def _round(
    model: Model,
    weights: Weights,
    stated: dict[str, Shares],
    patterns: Compared,
    likely: dict[str, Floats],
    counts: Ints,
    prior_pairs: float,
    judged: Judged | None,
) -> Weights:
    """One round of expectation and maximisation for the classes of related pairs."""
    expected = {side: likely[side] * counts for side in stated}
    if judged is not None:
        expected = _as_judged(likely, expected, judged)
    shares = {side: _shares(patterns, each, stated[side], prior_pairs, model, side) for side, each in expected.items()}
    for side in shares:
        shares[side] |= {name: shares["same"][name] for name, field in model.fields.items() if field.of_family}
    pairs = {side: float(each.sum()) for side, each in expected.items()}
    return Weights(weights.shares | shares, weights.pairs | pairs)


def _as_judged(likely: dict[str, Floats], expected: dict[str, Floats], judged: Judged) -> dict[str, Floats]:
    """Pairs expected of each class, those that people judged counted where people put them."""
    told = judged.same + judged.different
    apart = np.maximum(1.0 - likely["same"], np.finfo(np.float64).tiny)
    return {
        side: many - likely[side] * told + (judged.same if side == "same" else judged.different * likely[side] / apart)
        for side, many in expected.items()
    }


def _largest_change(new: dict[str, Shares], old: dict[str, Shares]) -> float:
    return max(float(np.abs(new[side][field] - old[side][field]).max()) for side in new for field in new[side])


def _prior_of_strangers(model: Model, field: FieldSpec) -> tuple[Floats, float]:
    """Pairs' worth of each level before any is counted, and of all: in household's shape, or half a pair each."""
    size = len(field.level_names)
    if "household" not in model.classes:
        return np.full(size, _UNSEEN), _UNSEEN * (size - 1)
    prior = np.zeros(size)
    prior[1:] = [level.household or 0.0 for level in field.levels.values()]
    return model.estimation.prior_pairs * prior, model.estimation.prior_pairs


def _stated(model: Model, side: str) -> Shares:
    found: Shares = {}
    for name, field in model.fields.items():
        stated = [getattr(level, side) for level in field.levels.values()]
        shares = np.ones(len(field.level_names))
        shares[1:] = _default(len(stated)) if stated[0] is None else stated
        shares[1:] /= shares[1:].sum()
        found[name] = shares
    return found


def _default(many: int) -> Floats:
    """Shares of a thing's levels where none is stated: the best nearly always, the others in equal parts."""
    between = _BETWEEN if many > 2 else 0.0
    inner = [between / (many - 2)] * (many - 2) if many > 2 else []
    return np.array([_WORST, *inner, 1.0 - _WORST - between])


def _shares(
    patterns: Compared, expected: Floats, stated: Shares, prior_pairs: float, model: Model, side: str
) -> Shares:
    found: Shares = {}
    for name, size in model.sizes.items():
        if side != "same" and model.fields[name].of_family:
            continue  # a family's are those of one child
        counts = np.bincount(patterns.levels[name], weights=expected, minlength=size)
        shares = np.ones(size)
        shares[1:] = (counts[1:] + prior_pairs * stated[name][1:]) / (counts[1:].sum() + prior_pairs)
        fixed = _fixed(model.fields[name], side)
        if fixed.any():
            shares[1:][~fixed] *= (1 - stated[name][1:][fixed].sum()) / shares[1:][~fixed].sum()
            shares[1:][fixed] = stated[name][1:][fixed]
        found[name] = shares
    return found


def _fixed(field: FieldSpec, side: str) -> Flags:
    """Which levels of a field keep the share stated for a class."""
    return np.array([side in level.fixed for level in field.levels.values()])
