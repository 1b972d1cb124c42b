"""The bars of accuracy, and one published period's figures beside them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.accuracy.evaluate import Evaluation

_TIBETAN, _UYGHUR = "04", "05"  # GB/T 3304


@dataclass(frozen=True, slots=True)
class Ratio:
    """Part of a whole; of several ratios the parts and wholes add up."""

    part: float
    whole: float

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float | None:
        """The share, or None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``is_floor``: the figure must not lie under it; else not over it."""

    name: str
    at: float
    is_floor: bool = True

    def short_by(self, figure: float | None) -> float:
        """How much the figure misses the bar by; 0 where it is met or there is nothing to measure."""
        if figure is None:
            return 0.0
        return max(self.at - figure if self.is_floor else figure - self.at, 0.0)

    def __str__(self) -> str:
        return f"{self.name} {'≥' if self.is_floor else '≤'} {self.at:g}"


BARS = {
    "exact": Bar("F1 of exact matching", 0.9, is_floor=False),
    "linked": Bar("precision of what is linked automatically", 0.9998),
    "precision": Bar("precision of final clusters", 0.9995),
    "f1": Bar("F1 of final clusters, cases left unlinked", 0.998),
    "tibetan": Bar("recall of linkable pairs, Tibetan names", 0.99),
    "uyghur": Bar("recall of linkable pairs, Uyghur names", 0.99),
    "queue": Bar("cases a child", 0.01, is_floor=False),
    "queue_same": Bar("cases that are truly one child", 0.3),
    "queue_holds": Bar("wrong and missed links that the queue holds", 0.6),
    "answered": Bar("F1 over linkable pairs after the queue is answered", 0.9995),
    "kept": Bar("children with the same id in the next period", 0.999),
}
"""The accuracy rows of the table of bars, by the name of their figure."""

Figures = dict[str, Ratio]


def measure(con: duckdb.DuckDBPyConnection, found: Evaluation) -> Figures:
    """Figures of one period before any answer; ``con`` as :func:`benchmarks.judged.opened` gives it."""
    pairs, exact = found.pairs, found.exact
    wrong = _count(
        con,
        "coalesce(sum(children - 1), 0) from (select count(distinct child) as children from entry_fact group by found)",
    )
    return {
        "exact": _f1(exact.precision.right, exact.precision.of, exact.recall.of),
        "linked": _share(con, "linked_pair", "is_right"),
        "precision": Ratio(pairs.precision.right, pairs.precision.of),
        "recall": Ratio(pairs.recall.right, pairs.recall.of),
        "f1": _f1(pairs.precision.right, pairs.precision.of, pairs.recall.of),
        "linkable": _share(con, "true_pair where is_linkable", "is_found"),
        "linkable_f1": linkable_f1(con, found),
        "tibetan": _recall_of(con, _TIBETAN),
        "uyghur": _recall_of(con, _UYGHUR),
        "queue": Ratio(_count(con, "count(*) from link.review_case"), found.children),
        "queue_same": _share(con, "(select bool_or(is_same) as is_same from asked_pair group by case_id)", "is_same"),
        "queue_pairs": _share(con, "asked_pair", "is_same"),
        "queue_holds": _held(con, wrong, "linkable > 0"),
        "queue_holds_all": _held(con, wrong, "true"),
        "siblings_merged": Ratio(found.siblings, found.children),
    }


def linkable_f1(con: duckdb.DuckDBPyConnection, found: Evaluation) -> Ratio:
    """F1 in which pairs that are one child's but not linkable count neither as missed nor as found."""
    wrong = found.pairs.precision.of - found.pairs.precision.right
    true, right = (_count(con, f"count(*) from true_pair where is_linkable{more}") for more in ("", " and is_found"))
    return _f1(right, right + wrong, true)


def _f1(right: float, found: float, true: float) -> Ratio:
    """F1 as a ratio that adds up: twice what is right, of what is found and what is true."""
    return Ratio(2 * right, found + true)


def _count(con: duckdb.DuckDBPyConnection, query: str) -> float:
    return float(con.execute(f"select {query}").fetchall()[0][0])


def _share(con: duckdb.DuckDBPyConnection, relation: str, right: str) -> Ratio:
    part, whole = con.execute(f"select count(*) filter ({right}), count(*) from (from {relation})").fetchall()[0]
    return Ratio(float(part), float(whole))


def _recall_of(con: duckdb.DuckDBPyConnection, ethnic: str) -> Ratio:
    """Recall of linkable pairs of children of one ethnic group, who bear names of their own tongue in the sample."""
    return _share(
        con,
        f"true_pair semi join (from truth_child where ethnic = '{ethnic}') using (child) where is_linkable",
        "is_found",
    )


def _held(con: duckdb.DuckDBPyConnection, wrong: float, which: str) -> Ratio:
    """Of the links that are missed or wrong, how many a steward who answers the queue sets right.

    A child in k parts misses k - 1 links, fewer where some parts have nothing by ``which`` to be linked by. A wrong
    link is within a cluster, and the queue asks only about two.
    """
    parts = con.execute(f"select child, one, other, is_in_queue from split where {which}").fetchall()
    return Ratio(_links([row[:3] for row in parts if row[3]]), _links([row[:3] for row in parts]) + wrong)


def _links(edges: list[tuple[str, str, str]]) -> float:
    """How many links join what these edges (child, part, part) join: parts less components."""
    parts: dict[tuple[str, str], int] = {}
    for child, one, other in edges:
        for part in (one, other):
            parts.setdefault((child, part), len(parts))
    if not parts:
        return 0.0
    left, right = ([parts[edge[0], edge[side]] for edge in edges] for side in (1, 2))
    graph = coo_matrix((np.ones(len(edges)), (left, right)), shape=(len(parts), len(parts)))
    return float(len(parts) - connected_components(graph, directed=False)[0])
