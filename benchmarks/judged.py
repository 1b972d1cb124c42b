"""A published period beside its truth: every pair of a child's entries, what kept it apart, what was joined wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from matching.accuracy import evaluate
from matching.accuracy.evaluate import Evaluation
from warehouse.store import Warehouse

_SQL = Path(__file__).parent / "sql"
_TABLES = ("entry_fault", "entry_fact", "true_pair", "split", "merge", "asked_pair", "linked_pair")


@contextmanager
def opened(home: Path, truth: Path, period: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Evaluation]]:
    """Open the published period of ``home``, judged by the sample's ``truth`` folder."""
    with Warehouse(home) as warehouse:
        con = warehouse.read_published(period)
        try:
            yield con, judge(con, truth, period)
        finally:
            con.close()


def judge(con: duckdb.DuckDBPyConnection, truth: Path, period: str) -> Evaluation:
    """Make the temporary tables of ``benchmarks/sql``, which says what each holds; return the usual evaluation.

    ``truth``'s ``faults_<period>.csv``, where there is one, says what faults changed: without it two entries' name and
    birth date count as linkable where one of the two is equal and the other differs, whatever by.
    """
    links, children, faults = (truth / f"{name}_{period}.csv" for name in ("links", "children", "faults"))
    found = evaluate.evaluate(con, links, children)
    _read_faults(con, faults)
    for table in _TABLES:
        con.execute((_SQL / f"{table}.sql").read_text(encoding="utf-8"))
    return found


def _read_faults(con: duckdb.DuckDBPyConnection, faults: Path) -> None:
    """Make ``row_fault``."""
    names = ("feed", "table", "file", "row", "column", "fault")
    if faults.is_file():
        con.execute(
            "create or replace temp table row_fault as from read_csv(?, all_varchar = true, header = true)",
            [str(faults)],
        )
    else:
        con.execute("create or replace temp table row_fault (" + ", ".join(f'"{name}" varchar' for name in names) + ")")
