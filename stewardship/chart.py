"""The waterfall drawn: one bar a step, the two thresholds through all of them."""

from __future__ import annotations

from dataclasses import dataclass

from stewardship.visit import Bands
from stewardship.waterfall import Step, Waterfall
from stewardship.words import Words

_DRAWN_FROM = 0.05
"""Log2 odds; less can't be seen."""
_WIDTH, _LABELS, _GAINS, _ROW, _FOOT = 336, 118, 34, 17, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One step, in the drawing's units. ``kind`` is ``up``, ``down`` or ``total``."""

    kind: str
    label: str
    gain: str
    x: float
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws; ``brief`` and ``spoken`` say it in words."""

    width: int
    height: int
    gain_x: int
    review_x: float
    link_x: float
    bars: tuple[Bar, ...]
    brief: str
    spoken: str


def draw(found: Waterfall, bands: Bands, words: Words) -> Chart:
    """Draw a waterfall with the scores between which the machine asks."""
    reached = [found.start, found.total, bands.review_from, bands.link_from, *(step.total for step in found.steps)]
    least, most = min(reached), max(reached)
    per_unit = (_WIDTH - _LABELS - _GAINS - 8) / max(most - least, 1.0)

    def x(score: float) -> float:
        return round(_LABELS + 4 + (score - least) * per_unit, 1)

    def bar(kind: str, label: str, gain: float, place: int, one: float, other: float) -> Bar:
        left, right = sorted((x(one), x(other)))
        return Bar(kind, label, signed(gain), left, place * _ROW, round(max(right - left, 1.5), 1))

    bars = [bar("total", words("case.start"), found.start, 0, min(0.0, found.start), max(0.0, found.start))]
    before = found.start
    for step in found.steps:
        if abs(step.gain) >= _DRAWN_FROM:
            kind = "up" if step.gain >= 0 else "down"
            bars.append(bar(kind, _label(step, words), step.gain, len(bars), before, step.total))
        before = step.total
    bars.append(bar("total", words("case.total"), found.total, len(bars), min(0.0, found.total), max(0.0, found.total)))
    brief = " ".join(f"{step.sign}{words.known(f'field.{step.field}', step.field)}" for step in found.steps)
    return Chart(
        width=_WIDTH,
        height=len(bars) * _ROW + _FOOT,
        gain_x=_WIDTH - 2,
        review_x=x(bands.review_from),
        link_x=x(bands.link_from),
        bars=tuple(bars),
        brief=brief,
        spoken=words("page.semicolon").join(f"{each.label} {each.gain}" for each in bars),
    )


def signed(value: float) -> str:
    """A weight with its sign, one place behind the point."""
    return f"{value:+.1f}".replace("-", "−")


def _label(step: Step, words: Words) -> str:
    field = words.known(f"field.{step.field}", step.field)
    return field if step.field == step.level else f"{field} {words.known(f'level.{step.level}', step.level)}"
