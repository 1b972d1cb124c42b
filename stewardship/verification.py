"""Whether automatic links are good enough, by what people say of those drawn for them: a test after every answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from scipy.special import betaincinv

from matching.cases import verification
from matching.cases.verification import BANDS, Verification
from warehouse.stores import link_checks

State = Literal["open", "passed", "stop"]
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class BandChecked:
    """What is known of one band's links. ``at_most``: the share of wrong ones, with 95 % confidence."""

    link_band: str
    checked: int
    wrong: int
    state: State
    at_most: float


def bands(engine: sa.Engine, period: str) -> list[BandChecked]:
    """How each band stands, those without an answer too."""
    said = link_checks.read(engine, period)
    return [
        _band(
            band, [each.judgement == "SAME" for each in said if each.link_band == band and each.judgement != "UNSURE"]
        )
        for band in BANDS
    ]


def tested(right: Sequence[bool], rule: Verification) -> State:
    """What the answers in their order come to: whichever bound is crossed first holds.

    Source: A. Wald, Sequential tests of statistical hypotheses, 1945.
    """
    bound = math.log((1 - rule.risk) / rule.risk)
    gain_wrong = math.log(rule.limit / rule.acceptable)
    gain_right = math.log((1 - rule.limit) / (1 - rule.acceptable))
    total = 0.0
    for is_right in right:
        total += gain_right if is_right else gain_wrong
        if total >= bound:
            return "stop"
        if total <= -bound:
            return "passed"
    return "open"


def _band(band: str, right: Sequence[bool]) -> BandChecked:
    many, wrong = len(right), right.count(False)
    at_most = 1.0 if wrong == many else float(betaincinv(wrong + 1, many - wrong, _CONFIDENCE))
    return BandChecked(band, many, wrong, tested(right, verification.load()), at_most)
