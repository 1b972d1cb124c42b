"""What figures tell together: attacked by trying every count that a reader may think of."""

from itertools import product
from random import Random

import pytest

from reporting.pack import disclosure, recovery
from reporting.pack.disclosure import BASE, REDACTED, SMALL
from reporting.pack.figures import Alike, Column, Figure, Measured, Part

X = REDACTED
MOST = 60  # that a reader thinks of


def figure(name, *counts, total=True):
    of = Figure.model_validate(
        {"name": name, "title": name, "population": "p", "version": 1, "definition": "x", "from": "mart",
         "total": total, "columns": {"label": Column(title="l"), "children": Column(title="n", count=True)}}
    )  # fmt: skip
    return Measured(of, [(f"r{at}", count) for at, count in enumerate(counts)])


def alike(*names):
    parts = tuple(Part(figure=name, columns=("children",)) for name in names)
    return [Alike(what="the same children", parts=parts)]


def together(figures, sums):
    return recovery.protect_together([disclosure.protect(each) for each in figures], figures, sums)


def possible(cell):
    """Every count that a reader may take a cell for."""
    if cell == X:
        return range(1, MOST + 1)
    return [count for count in range(MOST + 5) if cell == (0 if count == 0 else disclosure._rounded(count))
            and (count == 0 or count > SMALL)]  # fmt: skip


def told(measured, sums):
    """By label, the counts that a redacted cell of the first figure may be, by all sums of all figures tried."""
    first, *others = measured
    wanted = set.intersection(
        *({sum(counts) for counts in product(*(possible(row[1]) for row in each.rows))} for each in others)
    )
    found = {}
    for counts in product(*(possible(row[1]) for row in first.rows)):
        if sum(counts) in wanted:
            for row, count in zip(first.rows, counts, strict=True):
                if row[1] == X:
                    found.setdefault(row[0], set()).add(count)
    return found


def test_a_count_that_another_figure_s_sum_tells_takes_one_beside_it_with_it():
    """20 children in all, as rounded, and 18 at least of them in one county: in the other there are 4 at most."""
    figures = [figure("a", 18, 2, total=False), figure("b", 20, total=False)]
    assert [row[1] for row in disclosure.protect(figures[0]).rows] == [20, X]
    shown = together(figures, alike("a", "b"))
    assert [row[1] for row in shown[0].rows] == [X, X]
    assert [row[1] for row in shown[1].rows] == [20]


@pytest.mark.parametrize("seed", range(25))
def test_no_small_count_can_be_told_by_trying_all_that_fit(seed):
    dice = Random(seed)
    counts = [dice.choice([0, 1, 3, 6, 9, 14, 22]) for _ in range(3)]
    whole = sum(counts)
    cut = dice.randint(0, whole)
    figures = [figure("a", *counts), figure("b", cut, whole - cut), figure("c", whole, total=False)]
    sums = alike("a", "b", "c")
    shown = together(figures, sums)
    if len(shown) < len(figures) or shown[0].figure.name != "a":
        return  # a figure of which nothing could be shown is left out
    true = dict(figures[0].rows)
    for label, may_be in told(shown, sums).items():
        if 0 < true[label] <= SMALL:
            assert len(may_be & set(range(1, SMALL + 1))) >= recovery.LEAST_LEFT, (counts, cut, shown)
            assert true[label] in may_be


def test_where_nothing_can_be_told_nothing_more_is_hidden():
    figures = [figure("a", 100, 3, 5, 80), figure("b", 90, 98)]
    shown = together(figures, alike("a", "b"))
    assert [row[1] for row in shown[0].rows].count(X) == 2
    assert [row[1] for row in shown[1].rows] == [90, 100]


def test_a_rounded_count_is_where_its_bounds_are():
    told = recovery._alone(100)
    assert all(disclosure._rounded(count) == 100 for count in range(int(told[0]), int(told[1]) + 1))
    assert disclosure._rounded(int(told[1]) + 1) == 100 + BASE
