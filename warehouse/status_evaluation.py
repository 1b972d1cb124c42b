"""Migrant status of a period against the truth of an invented county."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import build


@dataclass(frozen=True, slots=True)
class StatusFigures:
    """Counts of children. A truth child is found by the child id that holds most of its entries.

    ``flagged``: our migrant children; ``right``: those of them that mostly hold a true migrant child's entries;
    ``true``: migrant children of the truth that delivered any entry; ``found``: those of them whose child is flagged.
    ``undetermined``: of the true ones, those that we say nothing about; they count as missed. ``same``: children whose
    whole status agrees, of ``compared``.
    """

    flagged: int
    right: int
    true: int
    found: int
    undetermined: int
    same: int
    compared: int

    @property
    def precision(self) -> float:
        """Share of our migrant children that are."""
        return self.right / self.flagged if self.flagged else 1.0

    @property
    def recall(self) -> float:
        """Share of the true migrant children that we flagged."""
        return self.found / self.true if self.true else 1.0


def evaluate(con: duckdb.DuckDBPyConnection, links: Path, children: Path) -> StatusFigures:
    """Compare ``care.migrant_status`` of an open period with ``links_<period>.csv`` and ``children_<period>.csv``.

    The connection may be read-only: everything made here is temporary.
    """
    for name, file in (("truth_link", links), ("truth_child", children)):
        con.execute(
            f"create or replace temp table {name} as select * from read_csv($file, all_varchar = true)",
            {"file": str(file)},
        )
    con.execute(f"create or replace temp table held as {build.statement('evaluate', 'held').sql}")
    row = con.execute(build.statement("evaluate", "status").sql).fetchall()[0]
    return StatusFigures(*row)


def confusion(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """(true status, our status, children) after :func:`evaluate`, most frequent first."""
    return con.execute(build.statement("evaluate", "confusion").sql).fetchall()
