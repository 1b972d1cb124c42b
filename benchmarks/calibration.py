"""Estimated precision and recall of links beside the truth: how often the intervals hold it, and how wide they are.

python -m benchmarks.calibration [--seeds 20] [--children 5000] [--jurisdictions 429006 …] [--faults 1] [--keep FOLDER]

Each seed is a small invented county; landing, normalising and linking run in memory without Dagster. A row of what is
pooled is a county's subgroup and measure. ``--keep`` keeps each county's rows and takes them up again when asked anew.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.losses import table
from connectors import landing, specs
from connectors.locate import locate
from connectors.sample import DEFAULT, write
from matching import linkage, model, statement
from matching.accuracy import estimated_quality, evaluate
from matching.normalize import write_std
from pipelines.assets.std import source_table
from policy.period import Period

PERIOD = Period("2026H1")
_HELD = (0.9, 0.99)  # of nominal 95 % intervals
_WIDTH = 0.01
_JURISDICTIONS = ("429006", "110000", "540000", "650000")
_TRUTH = Path(__file__).parent / "sql" / "subgroup_truth.sql"
_JOINED = """
    select estimated.*, truth.right_pairs / truth.pairs as truth, truth.pairs as truth_pairs
    from link.estimated_quality as estimated
    join subgroup_truth as truth using (dimension, subgroup, measure)
    where truth.pairs > 0
    order by dimension, subgroup, measure
"""
_POOLED = """
    select
        measure, {by}, count(*) as subgroups,
        round(100 * avg((truth between low - 1e-9 and high + 1e-9)::integer), 1) as 'held, %',
        round(100 * avg((truth < low - 1e-9)::integer), 1) as 'truth below, %',
        round(100 * avg((truth > high + 1e-9)::integer), 1) as 'truth above, %',
        round(100 * median(high - low), 2) as 'median width, points',
        round(100 * sum(estimate * truth_pairs) / sum(truth_pairs), 3) as 'mean estimate, %',
        round(100 * sum(truth * truth_pairs) / sum(truth_pairs), 3) as 'mean truth, %'
    from measured
    where truth_pairs >= {least}
    group by all
    order by all
"""


def main() -> None:
    """Print coverage and width by measure, by dimension, and over subgroups large enough to be missed in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="how many counties, over the jurisdictions in turn")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--children", type=int, default=5000)
    parser.add_argument("--faults", type=float, default=1.0)
    parser.add_argument("--jurisdictions", nargs="+", default=_JURISDICTIONS)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    counties = []
    for place in range(asked.seeds):
        jurisdiction = asked.jurisdictions[place % len(asked.jurisdictions)]
        seed = asked.first + place
        rows = _kept_or_measured(asked.keep, jurisdiction, seed, asked.children, asked.faults)
        counties.append(rows)
        print(said(jurisdiction, seed, rows), flush=True)
    print("\n".join(pooled(pa.concat_tables(counties))))


def _kept_or_measured(keep: Path | None, jurisdiction: str, seed: int, children: int, faults: float) -> pa.Table:
    if keep is None:
        return measured(jurisdiction, seed, children, faults)
    keep.mkdir(parents=True, exist_ok=True)
    kept = keep / f"{jurisdiction}-{seed}-{children}-{faults:g}.parquet"
    if not kept.is_file():
        pq.write_table(measured(jurisdiction, seed, children, faults), kept)
    return pq.read_table(kept)


def measured(jurisdiction: str, seed: int, children: int, faults: float) -> pa.Table:
    """Invent and link one county; a row a subgroup and measure, the estimate beside the truth."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        rates = DEFAULT.scaled(faults)
        write(out, jurisdiction=jurisdiction, children=children, periods=(str(PERIOD),), seed=seed, faults=rates)
        con = duckdb.connect(str(out / "county.duckdb"))
        try:
            return _measured(con, out)
        finally:
            con.close()


def _measured(con: duckdb.DuckDBPyConnection, folder: Path) -> pa.Table:
    as_of = PERIOD.as_of.isoformat()
    feeds = specs.load().values()
    landing.prepare(con)
    for spec in feeds:
        landing.land(con, spec, locate(spec, folder / "inbox", str(PERIOD)), str(PERIOD))
    write_std(con, [source_table(spec) for spec in feeds], PERIOD.as_of)
    con.execute("create schema prior")
    con.execute(
        "create table prior.known_anchor (anchor ubigint, child_id varchar, priority int, earlier_child_id varchar)"
    )
    con.execute("create table prior.child_redirect (child_id varchar, to_child_id varchar)")
    how = model.load()
    linkage.link(con, how, str(PERIOD))
    estimated_quality.write_estimated_quality(con, how, as_of)
    links, children = (folder / "truth" / f"{name}_{PERIOD}.csv" for name in ("links", "children"))
    evaluate.evaluate(con, links, children)
    con.execute(
        "create temp table truth_residence as"
        " select child, residence from read_csv(?, all_varchar = true, header = true)",
        [str(children)],
    )
    statement.run(con, "estimated/child_group", {"as_of": as_of})
    con.execute(_TRUTH.read_text(encoding="utf-8"), {"as_of": as_of})
    return con.sql(_JOINED).to_arrow_table()


def said(jurisdiction: str, seed: int, rows: pa.Table) -> str:
    """One line a county: both measures over all pairs, and their truth."""
    parts = [
        f"{row['measure']} {row['estimate']:.4%} [{row['low']:.3%}, {row['high']:.3%}], truth {row['truth']:.4%}"
        for row in rows.to_pylist()
        if row["dimension"] == "all"
    ]
    return f"{jurisdiction} seed {seed}: " + "; ".join(parts)


def pooled(rows: pa.Table, sizes: Sequence[int] = (1, 50, 300)) -> Iterator[str]:
    """Markdown: how often the intervals hold the truth over all rows, then over subgroups of at least so many pairs."""
    con = duckdb.connect()
    try:
        con.register("measured", rows)
        for least in sizes:
            for by in ("'all' as dimension", "dimension"):
                found = con.execute(_POOLED.format(by=by, least=least))
                headings = [column[0] for column in found.description or ()]
                yield f"\nSubgroups of {least} true or found pairs and more\n"
                yield from table(headings, found.fetchall())
        held, width, many = con.execute(
            "select avg((truth between low - 1e-9 and high + 1e-9)::integer), median(high - low), count(*)"
            " from measured"
        ).fetchall()[0]
        yield (
            f"\nPooled over all {many:,} subgroups: {held:.1%} held (bar {_HELD[0]:.0%} to {_HELD[1]:.0%}),"
            f" median width {100 * width:.2f} points (bar {100 * _WIDTH:g})."
        )
    finally:
        con.close()


if __name__ == "__main__":
    main()
