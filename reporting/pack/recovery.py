"""What a reader of several figures together can work out of a count that isn't shown, and what is hidden beside it.

Each figure is protected for itself (:mod:`reporting.pack.disclosure`); but two figures may count the same children, by
county and by age, and what one hides the other's sum may tell. ``alike`` in ``figures.yml`` names such sums. A reader
knows of a shown count that it was rounded, of a redacted one that it is at least one. Bounds are narrowed by every
equation until nothing changes; where less than :data:`LEAST_LEFT` of the possible small counts is left, the smallest
shown count of the same equation is redacted too, and all is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from reporting.pack.disclosure import BASE, REDACTED, SMALL, add_up
from reporting.pack.figures import Alike, Cell, Measured, Part

LEAST_LEFT = 5  # of the counts 1 to SMALL that a redacted one may be
_ROUNDED = BASE // 2

Place = tuple[str, int, str]  # figure, row, column
Bounds = dict[Place, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Equation:
    """Two groups of counts that have the same sum."""

    left: Sequence[Place]
    right: Sequence[Place]

    @property
    def places(self) -> Sequence[Place]:
        """Every count of it."""
        return (*self.left, *self.right)


def protect_together(shown: Sequence[Measured], counted: Sequence[Measured], alike: Sequence[Alike]) -> list[Measured]:
    """Redact of protected figures what else has to be, so that they tell no small count together.

    ``shown``: the figures, each protected for itself; ``counted``: the same with their counts, in the same order.
    """
    now = {each.figure.name: each for each in shown}
    true = {each.figure.name: _ordered_as(each, now[each.figure.name]) for each in counted}
    while True:
        equations = list(_equations(now, alike))
        told = bounds(now, equations)
        found = next((place for place in told if _is_told(place, true, now, told)), None)
        if found is None:
            return [now[each.figure.name] for each in shown if each.figure.name in now]
        other = _smallest_shown(found, equations, now)
        if other is None:
            del now[found[0]]  # nothing is left to hide beside it
        else:
            now[other[0]] = _without(now[other[0]], other)


def bounds(now: Mapping[str, Measured], equations: Sequence[Equation]) -> Bounds:
    """Between what each count of the figures must lie, by what is shown and by the equations."""
    found = {place: _alone(_cell(now, place)) for place in _counts(now)}
    changed = True
    while changed:
        changed = False
        for equation in equations:
            for own, other in ((equation.left, equation.right), (equation.right, equation.left)):
                low, high = (sum(found[place][side] for place in other) for side in (0, 1))
                for place in own:
                    rest_low, rest_high = (sum(found[each][side] for each in own if each != place) for side in (0, 1))
                    old = found[place]
                    new = (max(old[0], low - rest_high), min(old[1], high - rest_low))
                    if new != old:
                        found[place], changed = new, True
    return found


def _alone(cell: Cell) -> tuple[float, float]:
    """What is known of a count by itself."""
    if cell == REDACTED:
        return 1, inf
    assert isinstance(cell, int)
    return (0, 0) if cell == 0 else (max(SMALL + 1, cell - _ROUNDED), cell + _ROUNDED)


def _is_told(place: Place, true: Mapping[str, Measured], now: Mapping[str, Measured], told: Bounds) -> bool:
    """Whether a small count that isn't shown can be told within less than is to be left open."""
    count = _cell(true, place)
    if _cell(now, place) != REDACTED or not isinstance(count, int) or count > SMALL:
        return False
    low, high = told[place]
    return min(high, SMALL) - max(low, 1) + 1 < LEAST_LEFT


def _smallest_shown(found: Place, equations: Sequence[Equation], now: Mapping[str, Measured]) -> Place | None:
    """The smallest count shown in an equation with the one that can be told; of its own figure if there is one."""
    beside = {each for equation in equations if found in equation.places for each in equation.places}
    shown = [(each[0] != found[0], cell, each) for each in beside if isinstance(cell := _cell(now, each), int) and cell]
    return min(shown)[2] if shown else None


def _equations(now: Mapping[str, Measured], alike: Sequence[Alike]) -> Iterator[Equation]:
    for sums in alike:
        parts = [list(_places(now[part.figure], part)) for part in sums.parts if part.figure in now]
        for left, right in pairwise(parts):
            yield Equation(left, right)


def _places(measured: Measured, part: Part) -> Iterator[Place]:
    rows: Sequence[int] = range(len(measured.rows))
    if part.newest:
        rows = [max(rows, key=lambda row: str(measured.rows[row][0]))] if rows else []
    yield from ((measured.figure.name, row, column) for row in rows for column in part.columns)


def _counts(now: Mapping[str, Measured]) -> Iterator[Place]:
    for name, each in now.items():
        own = [column for column in each.figure.counts if not each.figure.columns[column].sums]
        yield from ((name, row, column) for row in range(len(each.rows)) for column in own)


def _cell(of: Mapping[str, Measured], place: Place) -> Cell:
    name, row, column = place
    return of[name].rows[row][list(of[name].figure.columns).index(column)]


def _without(measured: Measured, place: Place) -> Measured:
    """The figure with one more count redacted, and its sums again of what is shown."""
    names = list(measured.figure.columns)
    rows = [list(row) for row in measured.rows]
    rows[place[1]][names.index(place[2])] = REDACTED
    return add_up(replace(measured, rows=[tuple(row) for row in rows]))


def _ordered_as(counted: Measured, shown: Measured) -> Measured:
    """The counts in the order of the protected rows, which are told apart by their labels."""
    labels = [at for at, name in enumerate(counted.figure.columns) if name not in counted.figure.counts]
    by_label = {tuple(row[at] for at in labels): row for row in counted.rows}
    return replace(counted, rows=[by_label[tuple(row[at] for at in labels)] for row in shown.rows])
