"""No small count leaves the bureau, and none can be worked out from what stands around it."""

import pytest

from reporting.pack.disclosure import REDACTED, protect
from reporting.pack.figures import Column, Figure, Measured, total

X = REDACTED


def figure(*rows, total=True):
    """A figure of two parts and their sum, with these rows of parts."""
    columns = {
        "place": Column(title="地"),
        "near": Column(title="近", count=True),
        "far": Column(title="远", count=True),
        "children": Column(title="计", count=True, sums=("near", "far")),
    }
    of = Figure.model_validate(
        {"name": "x", "title": "x", "population": "p", "version": 1, "definition": "x", "from": "mart",
         "columns": columns, "total": total}
    )  # fmt: skip
    return Measured(of, [(f"r{at}", near, far, near + far) for at, (near, far) in enumerate(rows)])


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, X), (7, X), (8, 10), (12, 10), (13, 15), (100, 100), (102, 100)]
)
def test_a_count_is_redacted_or_rounded(count, shown):
    assert protect(figure((count, 40), (1, 40), (2, 40))).rows[0][1] == shown


def test_one_redacted_count_takes_the_next_smallest_with_it():
    rows = protect(figure((3, 100), (50, 100), (20, 100))).rows
    assert [row[1] for row in rows] == [X, 50, X]


def test_a_column_that_nobody_adds_up_needs_no_second_redaction():
    rows = protect(figure((3, 100), (50, 100), (20, 100), total=False)).rows
    assert [row[1] for row in rows] == [X, 50, 20]


def test_sums_hold_nothing_that_is_not_shown():
    protected = protect(figure((3, 101), (50, 99), (2, 4)))
    assert [row[3] for row in protected.rows] == [100, 50, X]
    assert list(total(protected)) == [None, 50, 100, 150]


def test_a_sum_of_nothing_that_is_shown_is_no_zero():
    assert list(total(protect(figure((3, 0), (2, 0))))) == [None, X, 0, X]


def test_redacted_rows_stand_last_in_the_order_of_their_codes():
    rows = protect(figure((7, 7), (50, 50), (1, 1), (60, 60))).rows
    assert [row[0] for row in rows] == ["r1", "r3", "r0", "r2"]
