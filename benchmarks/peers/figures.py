"""An engine's answer against the truth: pairs and clusters, at the engine's own threshold and at the best one there is.

python -m benchmarks.peers.figures FOLDER OUT      prints them as JSON

``FOLDER/truth.parquet`` says ``unique_id, child`` of every entry. The best thresholds are looked up in the truth;
nobody who links for real can know them. They stand beside the stated ones to show what the threshold alone costs.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.peers.engine import components

_THRESHOLDS_TRIED = 31


@dataclass(frozen=True, slots=True)
class Shares:
    """Precision and recall of pairs."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """``pairs``: what the engine calls links. ``clusters``: all pairs of its clusters. ``best_*``: F1 at the best
    threshold, and that threshold; of clusters it is not a number where the engine's own clusters are best.
    ``exact``: share of children whose cluster holds all their entries and nothing else.
    """

    entries: int
    pairs: Shares
    best_pairs: float
    best_pairs_at: float
    clusters: Shares
    exact: float
    best_clusters: float
    best_clusters_at: float


def measure(folder: Path, out: Path) -> Figures:
    """Every figure of one engine on one table. Entries that the truth doesn't know are left out of all of them."""
    con = duckdb.connect(":memory:", config={"threads": 2, "python_enable_replacements": "false"})
    con.execute("create table truth as select * from read_parquet(?)", [str(folder / "truth.parquet")])
    con.execute("create table cluster as select * from read_parquet(?)", [str(out / "cluster.parquet")])
    con.execute(
        "create table pair as select least(left_id, right_id) as left_id, greatest(left_id, right_id) as right_id,"
        " max(score) as score, bool_or(is_link) as is_link, any_value(l.child = r.child) as is_true"
        " from read_parquet(?) as found"
        " join truth as l on l.unique_id = left_id join truth as r on r.unique_id = right_id"
        " group by all",
        [str(out / "pair.parquet")],
    )
    true_pairs, entries = _one(
        con, "select sum(n * (n - 1) // 2), sum(n) from (select count(*) as n from truth group by child)"
    )
    links, right = _one(con, "select count(*), count(*) filter (is_true) from pair where is_link")
    best_pairs, best_pairs_at = _best_pairs(con, true_pairs)
    clusters = _clusters(con, "cluster", true_pairs)
    best_clusters, best_clusters_at = _best_clusters(con, true_pairs)
    if clusters.f1 > best_clusters:
        best_clusters, best_clusters_at = clusters.f1, float("nan")
    return Figures(
        int(entries),
        _shares(right, links, true_pairs),
        best_pairs,
        best_pairs_at,
        clusters,
        _exact(con),
        best_clusters,
        best_clusters_at,
    )


def _one(con: duckdb.DuckDBPyConnection, query: str) -> list[float]:
    return [float(value or 0) for value in con.execute(query).fetchall()[0]]


def _shares(right: float, found: float, true: float) -> Shares:
    return Shares(right / found if found else 1.0, right / true if true else 1.0)


def _best_pairs(con: duckdb.DuckDBPyConnection, true_pairs: float) -> tuple[float, float]:
    """The F1 of the best threshold over the scores, every score tried."""
    found = con.sql(
        "select score, count(*) as n, count(*) filter (is_true) as hits from pair group by score"
    ).fetchnumpy()
    if not len(found["score"]):
        return 0.0, float("nan")
    scores, counts, right = (np.asarray(found[name]) for name in ("score", "n", "hits"))
    order = np.argsort(-scores)
    n, hits = np.cumsum(counts[order]), np.cumsum(right[order])
    f1 = 2 * hits / (n + true_pairs)
    best = int(np.argmax(f1))
    return float(f1[best]), float(scores[order][best])


def _clusters(con: duckdb.DuckDBPyConnection, table: str, true_pairs: float) -> Shares:
    found, right = _one(
        con,
        "with cell as (select cluster_id, child, count(*) as n"
        f" from {table} join truth using (unique_id) group by all),"
        " whole as (select sum(n) as n, sum(n * (n - 1) // 2) as hits from cell group by cluster_id)"
        " select sum(n * (n - 1) // 2), sum(hits) from whole",
    )
    return _shares(right, found, true_pairs)


def _best_clusters(con: duckdb.DuckDBPyConnection, true_pairs: float) -> tuple[float, float]:
    """The best F1 of chains of pairs over a threshold, among thresholds that half to twice the true pairs pass."""
    scores = np.sort(con.sql("select score from pair").fetchnumpy()["score"])[::-1]
    best, best_at = 0.0, float("nan")
    if not len(scores):
        return best, best_at
    let_through = np.linspace(true_pairs / 2, true_pairs * 2, _THRESHOLDS_TRIED).astype(int).clip(1, len(scores))
    for at in np.unique(scores[let_through - 1]):
        con.register("tried", components(con, "truth", f"(select * from pair where score >= {float(at)!r})"))
        if (f1 := _clusters(con, "tried", true_pairs).f1) > best:
            best, best_at = f1, float(at)
    return best, best_at


def _exact(con: duckdb.DuckDBPyConnection) -> float:
    """Share of the truth's children that are one cluster and nothing else."""
    whole, children = _one(
        con,
        "with cell as (select cluster_id, child, count(*) as n from cluster join truth using (unique_id) group by all),"
        " held as (select *, sum(n) over (partition by child) as of_child,"
        "  sum(n) over (partition by cluster_id) as of_cluster from cell)"
        " select count(*) filter (n = of_child and n = of_cluster), count(distinct child) from held",
    )
    return whole / children


def main() -> None:
    """Print one engine's figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    figures = measure(asked.folder, asked.out)
    said = asdict(figures)
    for name in ("pairs", "clusters"):
        said[name]["f1"] = getattr(figures, name).f1
    print(json.dumps(said))


if __name__ == "__main__":
    main()
