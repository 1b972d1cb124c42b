"""What figures tell together: attacked by trying every count that a reader may think of."""

from random import Random

import numpy as np
import pytest

from reporting.pack import disclosure, recovery
from reporting.pack.disclosure import BASE, REDACTED, SMALL
from reporting.pack.figures import Alike, Column, Figure, Measured, Part
from reporting.pack.recovery import LEAST_LEFT

X = REDACTED
MOST = 30  # that a reader thinks of
COUNTY, OTHER, PREFECTURE = "420502", "420503", "420500"


def figure(name, *counts, total=True):
    of = Figure.model_validate(
        {"name": name, "title": name, "population": "p", "version": 1, "definition": "x", "from": "mart",
         "total": total, "columns": {"label": Column(title="l"), "children": Column(title="n", count=True)}}
    )  # fmt: skip
    return Measured(of, [(f"r{at}", count) for at, count in enumerate(counts)])


def alike(*names):
    return [Alike(what="the same children", parts=tuple((Part(figure=name, columns=("children",)),) for name in names))]


def together(figures, sums, out=(), place=COUNTY, period="2026H1"):
    alone = recovery.tell(place, period, [disclosure.protect(each) for each in figures], figures)
    return recovery.protect_together(alone, out, sums)


def shown(report, name):
    """What a report shows by label; None where it hasn't the figure."""
    return dict(report.shown[name].rows) if name in report.shown else None


def fits(counts, cell):
    """Of each count whether it may be what a cell shows; ``counts`` is every one that a reader tries."""
    if cell is None:
        return np.ones_like(counts, dtype=bool)
    if cell == X:
        return counts >= 1
    rounded = (counts + BASE // 2) // BASE * BASE
    return counts == 0 if cell == 0 else (counts > SMALL) & (rounded == cell)


def every(unknowns):
    """All assignments of counts to so many unknowns, one array an unknown."""
    return np.meshgrid(*[np.arange(MOST + 1)] * unknowns, indexing="ij", sparse=True)


def left(possible, of):
    """The values that ``of`` takes in the assignments that are possible."""
    return set(np.unique(np.broadcast_to(of, possible.shape)[possible]).tolist())


def small_left(possible, of):
    return len(left(possible, of) & set(range(1, SMALL + 1)))


SOME = [0, 1, 3, 6, 9, 14]


def test_a_count_that_another_figure_s_sum_tells_takes_one_beside_it_with_it():
    """20 children in all, as rounded, and 18 at least of them in one county: in the other there are 4 at most."""
    figures = [figure("a", 18, 2, total=False), figure("b", 20, total=False)]
    assert [row[1] for row in disclosure.protect(figures[0]).rows] == [20, X]
    told = together(figures, alike("a", "b"))
    assert shown(told, "a") == {"r0": X, "r1": X}
    assert shown(told, "b") == {"r0": 20}


@pytest.mark.parametrize("seed", range(20))
def test_no_small_count_can_be_told_by_trying_all_that_fit(seed):
    dice = Random(seed)
    counts = [dice.choice([*SOME, 22]) for _ in range(3)]
    whole = sum(counts)
    cut = dice.randint(0, whole)
    told = together([figure("a", *counts), figure("b", cut, whole - cut), figure("c", whole)], alike("a", "b", "c"))
    a, b, c = (shown(told, name) for name in "abc")
    tried = every(3)
    possible = fits(sum(tried), c and c["r0"])
    for at, of in enumerate(tried):
        possible = possible & fits(of, a and a[f"r{at}"])
    if b:
        seen = np.arange(4 * MOST)
        sums = {x + y for x in seen[fits(seen, b["r0"])] for y in seen[fits(seen, b["r1"])]}
        possible = possible & np.isin(sum(tried), list(sums))
    assert possible[tuple(counts)]
    for at, count in enumerate(counts):
        if a and 0 < count <= SMALL:
            assert small_left(possible, tried[at]) >= LEAST_LEFT, (counts, cut, a, b, c)


@pytest.mark.parametrize("county_first", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_a_county_and_the_prefecture_around_it_tell_of_no_few_together(seed, county_first):
    """Two rows and their whole are told of both; nobody tells of the rest of the prefecture."""
    dice = Random(seed)
    county, rest = ([dice.choice(SOME) for _ in range(2)] for _ in range(2))
    true = {COUNTY: county, PREFECTURE: [a + b for a, b in zip(county, rest, strict=True)]}
    out = []
    for place in (COUNTY, PREFECTURE) if county_first else (PREFECTURE, COUNTY):
        figures = [figure("a", *true[place]), figure("whole", sum(true[place]))]
        out.append(together(figures, alike("a", "whole"), out, place))
    tried = every(4)  # two rows of the county, two of the rest
    of = {COUNTY: tried[:2], PREFECTURE: [tried[0] + tried[2], tried[1] + tried[3]]}
    possible = np.ones([MOST + 1] * 4, dtype=bool)
    cells = {report.place: (shown(report, "a"), shown(report, "whole")) for report in out}
    for place, (rows, whole) in cells.items():
        possible &= fits(sum(of[place]), whole and whole["r0"])
        for at, count in enumerate(of[place]):
            possible &= fits(count, rows and rows[f"r{at}"])
    assert possible[(*county, *rest)]
    for place, (rows, _) in cells.items():
        for at, count in enumerate(true[place]):
            if rows and 0 < count <= SMALL:
                assert small_left(possible, of[place][at]) >= LEAST_LEFT, (true, cells)
    if all(rows for rows, _ in cells.values()):
        for at, count in enumerate(rest):
            if 0 < count <= SMALL:
                assert len(left(possible, tried[2 + at])) >= LEAST_LEFT, (true, cells)


@pytest.mark.parametrize("seed", range(30))
def test_figures_told_again_after_a_few_children_changed_do_not_tell_the_few(seed):
    """One row changed by a few, the reader guesses which: three rows and their whole, told twice."""
    dice = Random(seed)
    before = [dice.choice([*SOME, 17]) for _ in range(3)]
    now = [max(0, before[0] + dice.choice([-6, -3, -2, -1, 1, 2, 3, 6])), *before[1:]]
    out = []
    for counts in (before, now):
        out.append(together([figure("a", *counts), figure("whole", sum(counts))], alike("a", "whole"), out))
    tried = every(4)  # three rows before, the first one now
    of = [tried[:3], [tried[3], *tried[1:3]]]
    possible = np.ones([MOST + 1] * 4, dtype=bool)
    for report, counts in zip(out, of, strict=True):
        rows, whole = shown(report, "a"), shown(report, "whole")
        possible &= fits(sum(counts), whole and whole["r0"])
        for at, count in enumerate(counts):
            possible &= fits(count, rows and rows[f"r{at}"])
    assert possible[(*before, now[0])]
    for counts, true, report in zip(of, (before, now), out, strict=True):
        for at, count in enumerate(true):
            if shown(report, "a") and 0 < count <= SMALL:
                assert small_left(possible, counts[at]) >= LEAST_LEFT, (before, now, [each.shown for each in out])
    change = now[0] - before[0]
    if 0 < abs(change) <= SMALL and all(shown(report, "a") for report in out):
        assert len(left(possible, tried[3] - tried[0])) >= LEAST_LEFT, (before, now)


def test_counties_of_which_reports_are_out_leave_the_rest_of_a_prefecture_open():
    """Two counties are told of, by numbers that show: of the third there are 3 children, which nothing tells."""
    out = []
    for place, count in ((COUNTY, 40), (OTHER, 0)):
        out.append(together([figure("a", count, total=False)], [], out, place))
    reports = [*out, together([figure("a", 43, total=False)], [], out, PREFECTURE)]
    reader = recovery.Reader(reports, list(recovery._equations(reports, [])))
    assert [(count.figure, count.value, reader.between(count)) for count in reader.small] == [("rest", 3, (1, 9))]


def test_what_left_hidden_is_not_shown_by_another_report():
    """18 of 20 children live in one county: its number is hidden beside the other's 2, and in its own report too."""
    of = Figure.model_validate(
        {"name": "by", "title": "by", "population": "p", "version": 1, "definition": "x", "from": "mart", "total": True,
         "columns": {"residence_county": Column(title="l"), "n": Column(title="n", count=True)}}
    )  # fmt: skip
    parts = ((Part(figure="by", columns=("n",)),), (Part(figure="whole", columns=("children",)),))
    sums = [Alike(what="the same children", parts=parts)]
    around = together([Measured(of, [(COUNTY, 2), (OTHER, 18)]), figure("whole", 20)], sums, place=PREFECTURE)
    assert (shown(around, "by"), shown(around, "whole")) == ({COUNTY: X, OTHER: X}, {"r0": 20})
    alone = together([Measured(of, [(OTHER, 18)]), figure("whole", 18)], sums, place=OTHER)
    assert (shown(alone, "by"), shown(alone, "whole")) == ({OTHER: 20}, {"r0": 20})
    after = together([Measured(of, [(OTHER, 18)]), figure("whole", 18)], sums, [around], OTHER)
    assert (shown(after, "by"), shown(after, "whole")) == ({OTHER: X}, {"r0": X})


def test_where_nothing_can_be_told_nothing_more_is_hidden():
    told = together([figure("a", 100, 3, 5, 80), figure("b", 90, 98)], alike("a", "b"))
    assert list(shown(told, "a").values()).count(X) == 2
    assert list(shown(told, "b").values()) == [90, 100]


def test_a_rounded_count_is_where_its_bounds_are():
    low, high = recovery._by_itself(100)
    assert all(disclosure._rounded(count) == 100 for count in range(int(low), int(high) + 1))
    assert disclosure._rounded(int(high) + 1) == 100 + BASE
