"""A pair's score, step by step: from the odds before anything is known, field by field, to the total."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stewardship.casebook import Prior, Row

MISSING = "missing"
_WORTH_A_SIGN = 0.5
"""Log2 odds from which a field is said to speak for or against."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one field adds to the log2 odds of the same child, after the fields before it."""

    field: str
    level: str
    gain: float
    total: float

    @property
    def sign(self) -> str:
        """``+`` speaks for the same child, ``−`` against, ``=`` hardly either way."""
        return "=" if abs(self.gain) < _WORTH_A_SIGN else "+" if self.gain > 0 else "−"


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From ``start`` to ``total``; missing fields say nothing and make no step."""

    start: float
    steps: tuple[Step, ...]
    total: float


def waterfall(pair: Row, fields: Sequence[str], weights: Mapping[tuple[str, str], Row], prior: Prior) -> Waterfall:
    """Take a pair's score apart, the weightiest field first, what the entries around it are worth last.

    The alternatives to the same child are another of its household and a stranger. A field is weighed against both at
    once, so what it adds depends on what is known before; the sum is the score whatever the order.
    """
    shown = [(field, str(pair[field])) for field in fields if pair.get(field) not in (None, MISSING)]
    odds = _Odds(prior)
    whole = odds.of(_Evidence(weights, pair, shown))
    without = {
        field: whole - odds.of(_Evidence(weights, pair, [each for each in shown if each[0] != field]))
        for field, _ in shown
    }
    ordered = sorted(shown, key=lambda each: -abs(without[each[0]]))
    steps, total = [], odds.of(_Evidence(weights, pair, []))
    start = total
    for place, (field, level) in enumerate(ordered, start=1):
        after = odds.of(_Evidence(weights, pair, ordered[:place]))
        steps.append(Step(field, level, after - total, after))
        total = after
    worth = pair.get("worth") or 0.0
    if worth:
        total += worth
        steps.append(Step("around", "around", worth, total))
    return Waterfall(start, tuple(steps), total)


class _Evidence:
    """Log2 probabilities of some fields' levels in each class."""

    def __init__(self, weights: Mapping[tuple[str, str], Row], pair: Row, levels: Sequence[tuple[str, str]]) -> None:
        rows = [weights[each] for each in levels]
        rare = sum(pair.get(f"{field}_rarity") or 0 for field, _ in levels)
        self.same = sum(math.log2(row["same"]) for row in rows)
        self.household = sum(math.log2(row["household"]) for row in rows)
        self.other = sum(math.log2(row["other"]) for row in rows) - rare


class _Odds:
    def __init__(self, prior: Prior) -> None:
        self._same, self._household, self._other = (
            math.log2(max(pairs, 1e-9)) for pairs in (prior.same, prior.household, prior.other)
        )

    def of(self, evidence: _Evidence) -> float:
        """Log2 odds of the same child against both alternatives."""
        household, other = self._household + evidence.household, self._other + evidence.other
        likelier = max(household, other)
        against = likelier + math.log2(2 ** (household - likelier) + 2 ** (other - likelier))
        return self._same + evidence.same - against
