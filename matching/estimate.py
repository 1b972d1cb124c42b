"""What each level is worth: three classes of pairs, estimated from counts of patterns.

The classes are *the same child*, *another child of the household*, *someone else*. What someone else agrees on by
chance is counted on random pairs; the other two come from expectation maximisation over the candidate pairs, where a
pair of strangers is expected as often as chance makes one among all pairs of profiles. So blocking doesn't bend the
weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.comparison.levels import FIELDS, BirthLevel
from matching.comparison.names import NameLevel
from matching.comparison.pairs import Agreement, Compared
from matching.model import Model

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Probabilities of each level by field, code by code, and how many pairs of each class there are.

    Code 0, missing, is 1 everywhere: neutral.
    ``strangers`` is all pairs of profiles. ``rounds`` and ``change`` say whether the estimation settled.
    """

    same: dict[str, Floats]
    household: dict[str, Floats]
    other: dict[str, Floats]
    same_pairs: float
    household_pairs: float
    strangers: float
    rounds: int
    change: float
    settled: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """Class probabilities of each pattern and the score: log2 odds of the same child against both alternatives."""

    same: Floats
    household: Floats
    other: Floats
    score: Floats


def chance_levels(model: Model, sample: Compared, chances: Agreement) -> dict[str, Floats]:
    """How often strangers show each level: as stated, from value counts, or as counted in the random ``sample``."""
    known = {
        ("name", NameLevel.EQUAL): chances.overall["name_key"],
        ("name", NameLevel.VARIANT): chances.overall["variant_key"] - chances.overall["name_key"],
        ("name", NameLevel.SAME_SOUND): chances.overall["sound_key"] - chances.overall["name_key"],
        ("name", NameLevel.NEAR_SOUND): chances.overall["sound_key"] - chances.overall["name_key"],
        ("birth", BirthLevel.EQUAL): chances.overall["born_on"],
    }
    found: dict[str, Floats] = {}
    for field, levels in FIELDS.items():
        counts = np.bincount(sample.levels[field], minlength=len(levels)).astype(np.float64)
        seen = counts[1:].sum()
        # A small sample leans on household's shape, which is the nearest stated one.
        share = np.ones(len(levels))
        for level in levels:
            if level == 0:
                continue
            stated = model.fields[field][level.name.lower()]
            if stated.other is not None:
                share[level] = stated.other
            elif (field, level) in known:
                share[level] = known[field, level]
            else:
                prior = model.estimation.prior_pairs
                share[level] = (counts[level] + prior * stated.household) / (seen + prior)
        found[field] = np.maximum(share, model.estimation.rarest)
    return found


def estimate(
    model: Model, patterns: Compared, counts: npt.NDArray[np.int64], other: dict[str, Floats], profiles: int
) -> Weights:
    """Estimate both classes of related pairs on the counts of candidate patterns; ``other`` stays as it is.

    Deliveries smaller than ``estimation.population_at_least`` keep the stated numbers of pairs: a piece of a county.
    """
    settings = model.estimation
    population = max(profiles, settings.population_at_least)
    strangers = population * (population - 1) / 2
    stated = {side: _stated(model, side) for side in ("same", "household")}
    weights = Weights(
        stated["same"],
        stated["household"],
        other,
        settings.pairs_per_profile * population,
        settings.siblings_per_profile * population,
        strangers,
        0,
        float("inf"),
        False,
    )
    for done in range(1, settings.rounds_at_most + 1):
        scored = score(weights, patterns)
        same, household = scored.same * counts, scored.household * counts
        found = Weights(
            _shares(patterns, same, stated["same"], settings.prior_pairs),
            _shares(patterns, household, stated["household"], settings.prior_pairs),
            other,
            float(same.sum()) if profiles >= population else weights.same_pairs,
            float(household.sum()) if profiles >= population else weights.household_pairs,
            strangers,
            done,
            0.0,
            False,
        )
        change = max(
            float(np.abs(new[field] - old[field]).max())
            for new, old in ((found.same, weights.same), (found.household, weights.household))
            for field in FIELDS
        )
        weights = Weights(
            found.same,
            found.household,
            other,
            found.same_pairs,
            found.household_pairs,
            strangers,
            done,
            change,
            change <= settings.settled_at,
        )
        if weights.settled:
            break
    return weights


def score(weights: Weights, patterns: Compared) -> Scored:
    """Class probabilities of each pattern, in logarithms until the end so that nothing underflows."""
    size = len(patterns.rarity)
    same = np.full(size, np.log(max(weights.same_pairs, 1e-9)))
    household = np.full(size, np.log(max(weights.household_pairs, 1e-9)))
    other = np.log(weights.strangers) - patterns.rarity * np.log(2.0)
    for field in FIELDS:
        level = patterns.levels[field]
        same += np.log(weights.same[field])[level]
        household += np.log(weights.household[field])[level]
        other += np.log(weights.other[field])[level]
    against = np.logaddexp(household, other)
    whole = np.logaddexp(same, against)
    return Scored(
        np.exp(same - whole), np.exp(household - whole), np.exp(other - whole), (same - against) / np.log(2.0)
    )


def _stated(model: Model, side: str) -> dict[str, Floats]:
    found = {}
    for field, levels in FIELDS.items():
        shares = np.ones(len(levels))
        for level in levels:
            if level != 0:
                shares[level] = getattr(model.fields[field][level.name.lower()], side)
        shares[1:] /= shares[1:].sum()
        found[field] = shares
    return found


def _shares(patterns: Compared, expected: Floats, stated: dict[str, Floats], prior_pairs: float) -> dict[str, Floats]:
    found = {}
    for field, levels in FIELDS.items():
        counts = np.bincount(patterns.levels[field], weights=expected, minlength=len(levels))
        shares = np.ones(len(levels))
        shares[1:] = (counts[1:] + prior_pairs * stated[field][1:]) / (counts[1:].sum() + prior_pairs)
        found[field] = shares
    return found
