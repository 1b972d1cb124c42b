"""What a reader of several figures together can work out of a count that isn't shown, and what is hidden beside it.

Each figure is protected for itself (:mod:`reporting.pack.disclosure`). But a reader who holds several has equations
between their counts:

- figures that count the same children, by county and by age, have one sum (``alike`` in ``figures.yml``);
- a place's count is the sum of those of the places within it, and of a rest in places of which no report is out;
- a count told again after a few children changed differs from the one told before by the few.

A count is told of by its figure, place, period and labels, whichever report shows it. A reader knows of a shown one
that it was rounded, of a redacted one that it is at least one, may guess which counts didn't change, and solves for the
least and the most that each can be. Where that leaves of a small redacted count less than :data:`LEAST_LEFT` of its
possible values, or of a small rest or change less than so many values, the smallest shown count nearest to it by
equations is redacted too, until it doesn't. What is hidden for one count's sake makes no other one narrower.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from policy.divisions import load as divisions
from reporting.pack.disclosure import BASE, REDACTED, SMALL, add_up
from reporting.pack.figures import Alike, Cell, Measured, Part

LEAST_LEFT = 5  # values that a small count, rest or change may have, of 1 to SMALL where it was redacted
_ROUNDED = BASE // 2
_MOST = 1e7  # more than any count: what is known of one of which nothing is known
_NEARLY = 1e-6  # solutions are so exact
_GLANCES = 12  # solutions in which all small counts are looked at together, before each is for itself
_NATION = "000000"
_REST, _CHANGE = "rest", "change"  # no figure's names: counts that no report shows


class Count(NamedTuple):
    """One number of children, in whatever report it is told. One that changed since is another count."""

    figure: str
    place: str
    period: str
    labels: tuple[str, ...]
    column: str
    value: int

    @property
    def is_told(self) -> bool:
        """Whether a report tells of it: not a rest, nor a change."""
        return self.figure not in (_REST, _CHANGE)


class Equation(NamedTuple):
    """Two groups of counts that have the same sum."""

    left: Sequence[Count]
    right: Sequence[Count]

    @property
    def counts(self) -> Sequence[Count]:
        """Every count of it."""
        return (*self.left, *self.right)


@dataclass(frozen=True)
class Told:
    """A report as its readers have it, and the counts behind: figures of the same names, rows of the same labels."""

    place: str
    period: str
    shown: Mapping[str, Measured]
    counted: Mapping[str, Measured]

    @cached_property
    def cells(self) -> Mapping[Count, Cell]:
        """What is shown of every count; columns that others add up to tell nothing more."""
        return {
            self.count(name, row, column): _cell(measured, row, column)
            for name, measured in self.shown.items()
            for row in range(len(measured.rows))
            for column in _added(measured)
        }

    def count(self, figure: str, row: int, column: str) -> Count:
        """The count of one cell. A row of a place or period is that one's, whichever report shows it."""
        counted = self.counted[figure]
        labels = {each: str(_cell(counted, row, each)) for each in counted.figure.labels}
        place = labels.pop("residence_county", self.place)
        period = labels.pop("period", self.period)
        value = _cell(counted, row, column)
        assert isinstance(value, int)
        return Count(figure, place, period, tuple(labels.values()), column, value)

    def hiding(self, hidden: Count) -> Told:
        """The report with one more count redacted, and sums again of what is shown."""
        measured = self.shown[hidden.figure]
        at = list(measured.figure.columns).index(hidden.column)
        rows = [
            (*row[:at], REDACTED, *row[at + 1 :]) if self.count(hidden.figure, number, hidden.column) == hidden else row
            for number, row in enumerate(measured.rows)
        ]
        return replace(self, shown={**self.shown, hidden.figure: add_up(replace(measured, rows=rows))})

    def without(self, figure: str) -> Told:
        """The report without a figure."""
        return replace(self, shown={name: each for name, each in self.shown.items() if name != figure})


def tell(place: str, period: str, shown: Sequence[Measured], counted: Sequence[Measured]) -> Told:
    """A report of figures in the same order, each protected for itself, and of their counts."""
    now = {each.figure.name: each for each in shown}
    true = {name: _ordered_as(each, now[name]) for each in counted if (name := each.figure.name) in now}
    return Told(place, period, now, true)


def protect_together(new: Told, out: Sequence[Told], alike: Sequence[Alike]) -> Told:
    """Redact in a report what else has to be, so that with those that are ``out``, oldest first, it tells no few.

    A figure of which nothing could be shown is left out. What is told by those that are out alone can't be helped.
    """
    numbers_out = {count for report in out for count, cell in report.cells.items() if isinstance(cell, int)}
    equations = list(_equations([*out, new], alike))
    reader = Reader([*out, new], equations)
    for count in reader.small:
        while reader.tells(count):
            shown = {each for each, cell in new.cells.items() if isinstance(cell, int) and cell} - numbers_out
            if other := _nearest(count, equations, shown):
                new = new.hiding(other)
                reader.forget(other)
            elif count in new.cells:
                new = new.without(count.figure)  # nothing is left to hide beside it
                equations = list(_equations([*out, new], alike))
                reader = Reader([*out, new], equations)
            else:
                break
    return new


class Reader:
    """Someone who has some reports and solves their equations."""

    def __init__(self, reports: Sequence[Told], equations: Sequence[Equation]) -> None:
        alone: dict[Count, tuple[float, float]] = {}
        for report in reports:
            for count, cell in report.cells.items():
                alone[count] = _both(alone.get(count), _by_itself(cell))
        for count in (count for equation in equations for count in equation.counts if not count.is_told):
            alone[count] = (0 if count.figure == _REST and count.value >= 0 else -_MOST, _MOST)
        self._at = {count: number for number, count in enumerate(alone)}
        self._bounds = np.array(list(alone.values()), dtype=float).reshape(-1, 2)
        self._sums = _matrix(equations, self._at)
        self._seen = np.array([[np.inf, -np.inf]] * len(alone)).reshape(-1, 2)  # in solutions so far
        self._glance()

    @property
    def small(self) -> list[Count]:
        """Counts that must not be told, though the equations may tell them."""
        return [count for count in self._at if 0 < abs(count.value) <= SMALL]

    def tells(self, count: Count) -> bool:
        """Whether a small count is told within less than is to be left open."""
        at = self._at.get(count)
        return at is not None and not _is_open(count, *self._seen[at]) and not _is_open(count, *self.between(count))

    def between(self, count: Count) -> tuple[float, float]:
        """The least and the most that a count can be; the true one always lies between."""
        aim = np.zeros(len(self._at))
        aim[self._at[count]] = 1
        return tuple(float(round(self._solve(sign * aim)[self._at[count]])) for sign in (1, -1))  # type: ignore[return-value]

    def forget(self, count: Count) -> None:
        """Take a count for redacted."""
        self._bounds[self._at[count]] = _by_itself(REDACTED)

    def _glance(self) -> None:
        """Solve for many small counts at once: those seen to be open needn't be asked one by one."""
        chance = np.random.default_rng(0)
        at = [self._at[count] for count in self.small]
        for _ in range(_GLANCES if at else 0):
            aim = np.zeros(len(self._at))
            aim[at] = chance.choice((-1, 1), len(at))
            self._solve(aim)

    def _solve(self, aim: np.ndarray) -> np.ndarray:
        """Counts that fit all that is known and make the aim least; they are kept as seen."""
        solved = linprog(aim, A_eq=self._sums, b_eq=np.zeros(self._sums.shape[0]), bounds=self._bounds, method="highs")
        if solved.status:
            raise RuntimeError(f"The equations between figures could not be solved: {solved.message}")
        found: np.ndarray = solved.x
        self._seen = np.stack([np.minimum(self._seen[:, 0], found), np.maximum(self._seen[:, 1], found)], axis=1)
        return found


def _matrix(equations: Sequence[Equation], at: Mapping[Count, int]) -> csr_array:
    terms = [
        (sign, number, at[count])
        for number, equation in enumerate(equations)
        for sign, side in ((1, equation.left), (-1, equation.right))
        for count in side
    ]
    signs, rows, columns = np.array(terms, dtype=int).reshape(-1, 3).T
    return csr_array((signs, (rows, columns)), shape=(len(equations), len(at)))


def _by_itself(cell: Cell) -> tuple[float, float]:
    """What is known of a count by what is shown of it."""
    if cell == REDACTED:
        return 1, _MOST
    assert isinstance(cell, int)
    return (0, 0) if cell == 0 else (max(SMALL + 1, cell - _ROUNDED), cell + _ROUNDED)


def _both(one: tuple[float, float] | None, other: tuple[float, float]) -> tuple[float, float]:
    return other if one is None else (max(one[0], other[0]), min(one[1], other[1]))


def _is_open(count: Count, low: float, high: float) -> bool:
    """Whether enough is left of a small count that may be all between these."""
    if count.is_told:  # and redacted, as every small one is
        low, high = max(low, 1), min(high, SMALL)
    return high - low + 1 > LEAST_LEFT - _NEARLY


def _nearest(found: Count, equations: Sequence[Equation], shown: Collection[Count]) -> Count | None:
    """The smallest shown count in an equation with the one that can be told, of its own figure if there is one.

    Where there is none, that of the next equations.
    """
    reached, ring = {found}, {found}
    while ring:
        ring = {each for equation in equations if ring & {*equation.counts} for each in equation.counts} - reached
        if beside := ring & {*shown}:
            return min(beside, key=lambda each: (each.figure != found.figure, each.value, each))
        reached |= ring
    return None


def _equations(reports: Sequence[Told], alike: Sequence[Alike]) -> Iterator[Equation]:
    """What a reader of the reports, who got them in this order, knows to be equal."""
    newest: dict[tuple[object, ...], dict[str, Count]] = {}  # by what is counted: by place
    periods: dict[tuple[object, ...], dict[str, Count]] = {}  # by what is counted where: by period
    for report in reports:
        yield from (each for each in _within(report, alike) if _holds(each))  # one that isn't true misleads the reader
        for count in report.cells:
            places = newest.setdefault((count.figure, count.period, count.labels, count.column), {})
            if places.get(count.place, count) != count:
                yield from _nested(places)
            places[count.place] = count
            earlier = periods.setdefault((count.figure, count.place, count.labels, count.column), {})
            last = max((period for period in earlier if period < count.period), default=None)
            for before in {earlier.get(count.period), earlier.get(last or "")} - {None, count}:
                assert before is not None
                yield Equation((count,), (before, _latent(_CHANGE, (count, before), count.value - before.value)))
            earlier[count.period] = count
    for places in newest.values():
        yield from _nested(places)


def _within(report: Told, alike: Sequence[Alike]) -> Iterator[Equation]:
    """Equations between figures of one report."""
    for sums in alike:
        parts = [
            [count for part in parts for count in _of_part(report, part)]
            for parts in sums.parts
            if all(part.figure in report.shown for part in parts)
        ]
        for left, right in pairwise(parts):
            yield Equation(left, right)


def _nested(places: Mapping[str, Count]) -> Iterator[Equation]:
    """Each place's count, those of the places within it, and of the rest, of which no report is told of."""
    parts: dict[str, list[Count]] = {}
    for place, count in places.items():
        if nearest := next((each for each in _above(place) if each in places), None):
            parts.setdefault(nearest, []).append(count)
    for whole, within in parts.items():
        rest = places[whole].value - sum(part.value for part in within)
        yield Equation((places[whole],), (*within, _latent(_REST, (places[whole], *within), rest)))


@cache
def _above(place: str) -> tuple[str, ...]:
    """The places that a place is part of, nearest first."""
    above = divisions().ancestors(place)
    return tuple(each for each in (above.prefecture, above.province, _NATION) if each and each != place)


def _latent(kind: str, between: Sequence[Count], value: int) -> Count:
    """A count that no report shows, told apart by those that it is between."""
    first = between[0]
    return Count(kind, first.place, first.period, tuple(map(str, between)), first.column, value)


def _holds(equation: Equation) -> bool:
    left, right = (sum(count.value for count in side) for side in equation)
    return left == right


def _of_part(report: Told, part: Part) -> Iterator[Count]:
    measured = report.shown[part.figure]
    first = [str(row[0]) for row in measured.rows]
    newest = sorted(first, reverse=True)
    wanted = {"newest": newest[:1], "before": newest[1:2], None: first}.get(part.row, [str(part.row)])
    for row, label in enumerate(first):
        if label in wanted:
            yield from (report.count(part.figure, row, column) for column in part.columns)


def _added(measured: Measured) -> list[str]:
    """Columns of counts that aren't the sum of others."""
    return [name for name in measured.figure.counts if not measured.figure.columns[name].sums]


def _cell(measured: Measured, row: int, column: str) -> Cell:
    return measured.rows[row][list(measured.figure.columns).index(column)]


def _ordered_as(counted: Measured, shown: Measured) -> Measured:
    """The counts in the order of the protected rows, which are told apart by their labels."""
    labels = [list(counted.figure.columns).index(name) for name in counted.figure.labels]
    by_label = {tuple(row[at] for at in labels): row for row in counted.rows}
    return replace(counted, rows=[by_label[tuple(row[at] for at in labels)] for row in shown.rows])
