"""The cases of one published period, held in memory: a page asks for the rows of one case, not for the warehouse."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from matching import statement
from policy.period import Period

Row = dict[str, Any]
EntryKey = tuple[str, str, str]  # feed, table, and the key as the store of decisions names an entry

LAID_OUT = 512
"""Cases that are kept in hand: a page, its answer and the next look at it ask for the same."""
_PARTS = ("case_entry", "case_pair", "case_rival", "case_sibling")


@dataclass(frozen=True, slots=True)
class Line:
    """What the queue knows of a case. ``counties`` are those of its children's hukou and residence."""

    case_id: int
    kind: str
    kinds: tuple[str, ...]
    guards: tuple[str, ...]
    feed_pairs: tuple[str, ...]
    band: str
    counties: frozenset[str]
    townships: tuple[str, ...]
    score: float | None
    p_same: float | None
    pairs: int
    clusters: int
    entries: int
    migrants: int
    statuses_differ: bool
    has_care_record: bool

    @property
    def uncertainty(self) -> float:
        """Bits that an answer adds to what the machine holds: 1 at even odds, 0 where it is sure."""
        likely = 0.5 if self.p_same is None else min(max(self.p_same, 1e-6), 1 - 1e-6)
        return -likely * math.log2(likely) - (1 - likely) * math.log2(1 - likely)

    @property
    def consequence(self) -> int:
        """How much hangs on it: one; one more for a list of migrant children, two for care or disability records."""
        return 1 + (self.statuses_differ or self.migrants > 0) + 2 * self.has_care_record

    @property
    def value(self) -> float:
        """By which the queue is sorted. A case that even the surest machine asks about counts for something."""
        return (0.05 + self.uncertainty) * self.consequence


@dataclass(frozen=True, eq=False)
class Case:
    """All rows of one case; entries by cluster, pairs best first. Two are the same where they are one object.

    ``ages``: of child ids, 1 the oldest. ``shared_keys``: natural keys that several children bear. ``keeps_id``: of one
    child whose entries may be two children's, the cluster that holds most of the facts which name its id.
    """

    period: str
    line: Line
    entries: tuple[Row, ...]
    pairs: tuple[Row, ...]
    rivals: tuple[Row, ...]
    siblings: tuple[Row, ...]
    ages: Mapping[str, int]
    shared_keys: frozenset[EntryKey]
    keeps_id: int | None = None

    @cached_property
    def by_entry(self) -> Mapping[int, Row]:
        """Entries by their id."""
        return {row["entry_id"]: row for row in self.entries}

    def cluster(self, cluster_id: int) -> list[Row]:
        """Entries that the machine holds for one child."""
        return [row for row in self.entries if row["cluster_id"] == cluster_id]


@dataclass(frozen=True, slots=True)
class Prior:
    """Expected pairs of each class when the model was trained: where a pair's odds begin."""

    same: float
    household: float
    other: float


class Casebook:
    """The cases of one period of one release."""

    def __init__(self, con: duckdb.DuckDBPyConnection, period: Period, release: int, model_version: str) -> None:
        self.period = period
        self.release = release
        self.model_version = model_version
        con.execute(sql("case_member"))
        gather(con)
        for name in _PARTS[1:]:
            con.execute(sql(name))
        self._parts = {name: _Part(con.execute(f"from temp.{name}").to_arrow_table()) for name in _PARTS}
        self.lines: Sequence[Line] = tuple(_line(row) for row in rows_of(con, sql("case_line")))
        self.by_id: Mapping[int, Line] = {line.case_id: line for line in self.lines}
        self.links: Mapping[int, Row] = {row["case_id"]: row for row in rows_of(con, sql("drawn_link"))}
        self.weights: Mapping[tuple[str, str], Row] = {
            (row["field"], row["level"]): row for row in rows_of(con, "from link.level_weight")
        }
        self.fields: Sequence[str] = tuple(dict.fromkeys(field for field, _ in self.weights))
        trained = rows_of(con, "select pairs_same, pairs_household, pairs_other from link.trained_model")[0]
        self.prior = Prior(trained["pairs_same"], trained["pairs_household"] or 0.0, trained["pairs_other"])
        self.ages: Mapping[str, int] = dict(con.execute(sql("child_age")).fetchall())
        self.shared_keys: frozenset[EntryKey] = shared_keys(con)
        self._laid_out = lru_cache(maxsize=LAID_OUT)(self._lay_out)

    def case(self, case_id: int) -> Case:
        """Every row of a case that there is. Not to be changed: who asks for it next is given the same."""
        return self._laid_out(case_id)

    def _lay_out(self, case_id: int) -> Case:
        entries, pairs, rivals, siblings = (tuple(self._parts[name].rows(case_id)) for name in _PARTS)
        line, period = self.by_id[case_id], str(self.period)
        return Case(period, line, entries, pairs, rivals, siblings, self.ages, self.shared_keys)


class _Part:
    """Rows of all cases, those of one case together."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table.combine_chunks()
        self._cases = self.table["case_id"].to_numpy()

    def rows(self, case_id: int) -> list[Row]:
        first, behind = np.searchsorted(self._cases, (case_id, case_id + 1))
        rows: list[Row] = self.table.slice(first, behind - first).to_pylist()
        return rows


def gather(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``case_entry``, a temporary table, of the clusters in ``case_member``, another."""
    tables = con.execute(
        "select table_name from duckdb_columns() where database_name = current_database() and schema_name = 'raw' "
        "and column_name = 'entry_id' group by all order by all"
    ).fetchall()
    delivered = " union all ".join(
        f"select entry_id, to_json(landed)::varchar as delivered from raw.{table} as landed "
        "semi join asked_entry using (entry_id)"
        for (table,) in tables
    )
    con.execute(sql("asked_entry"))
    con.execute(sql("ledger_child"))
    con.execute(f"create temp table delivered_entry as {delivered}")
    statement.run(con, "link/with_person")
    con.execute(sql("case_entry"))


def sql(name: str) -> str:
    """A statement of ``stewardship/sql``."""
    return (resources.files("stewardship") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def shared_keys(con: duckdb.DuckDBPyConnection) -> frozenset[EntryKey]:
    """What several children's entries are named alike in ``case_entry``."""
    query = "select distinct feed, table_name, named from case_entry where is_shared"
    return frozenset((feed, table, named) for feed, table, named in con.execute(query).fetchall())


def rows_of(con: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, object] | None = None) -> list[Row]:
    """What a query finds."""
    rows: list[Row] = con.execute(query, given).to_arrow_table().to_pylist()
    return rows


def _line(row: Row) -> Line:
    lists = {name: tuple(row[name] or ()) for name in ("kinds", "guards", "feed_pairs", "townships")}
    return Line(**{**row, **lists, "counties": frozenset(row["counties"])})
