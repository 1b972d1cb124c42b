"""Great Expectations run in SQL over the connection that is already open.

It is imported here and only when a suite is run (1-3 s, 200 MB). Its results and its exceptions can quote values
of the table (a failed cast does), so neither leaves this module: figures are copied out, and a query that fails is
reported by the class of its error.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from quality.expectations import (
    Counted,
    Expectation,
    Kind,
    Severity,
    Statement,
    Suite,
    quoted,
    single_statements,
    statements,
)

if TYPE_CHECKING:
    import duckdb
    from great_expectations.datasource.fluent.interfaces import Batch

    from quality.counting import TableKeepsItsRules


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What one expectation came to on one table: figures, never a value.

    ``expectation`` is its kind, with the rule's name behind a colon where it has one. ``unexpected`` of ``total``
    break it (see ``Expectation.bound`` for what ``total`` counts); ``bound`` is the share that may.
    """

    room: str
    table: str
    expectation: str
    column: str
    success: bool
    unexpected: int
    total: int
    bound: float
    severity: Severity

    @property
    def stops(self) -> bool:
        """True when the run may not go on."""
        return not self.success and self.severity is Severity.STOP

    @property
    def share(self) -> float:
        """The share that broke the expectation, 0-1."""
        return self.unexpected / self.total if self.total else float(self.unexpected > 0)


class NotValidated(RuntimeError):
    """An expectation could not be counted. Says which and the class of the error, not its words: they may quote."""

    def __init__(self, suite: Suite, counted: Counted, error: str) -> None:
        of = "rows" if isinstance(counted, str) else f"{counted.kind} of {', '.join(counted.columns) or counted.name}"
        where = f"{suite.room}.{suite.table}: {of}"
        super().__init__(
            f"{where} could not be counted ({error}). Its condition must be SQL that no value can fail: "
            "try_cast, try_strptime, regexp_matches."
        )


class _QueryFailed(Exception):
    """One of several queries failed; holds the class of the database's error."""


class Validator:
    """One Great Expectations context over one open connection; make one for a run and give it every suite.

    ``open_cursor`` gives a new cursor of the connection with the right default catalog (``Warehouse.cursor``).
    """

    def __init__(self, open_cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._open_cursor = open_cursor
        self._tables: Batch | None = None

    def validate(self, suite: Suite, table: str | None = None) -> tuple[ValidationResult, ...]:
        """Count every expectation of ``suite`` on its table (or on ``table`` of the same room), in suite order.

        A column that isn't there breaks COLUMN_EXISTS, which stops; what else is expected of it is left out.
        """
        suite = replace(suite, table=table or suite.table)
        there = self._columns_of(suite)
        absent = [column for column in suite.columns if column not in there]
        usable = replace(suite, expectations=tuple(e for e in suite.expectations if there.issuperset(e.columns)))
        counts = self._count(usable)
        missing = [_missing_column(suite, column, counts[""]) for column in absent]
        return (*missing, *(_judge(suite, expectation, counts) for expectation in usable.expectations))

    def _columns_of(self, suite: Suite) -> set[str]:
        import duckdb

        cursor = self._open_cursor()
        try:
            return {column[0] for column in cursor.execute(f"select * from {suite.source} limit 0").description or ()}
        except duckdb.CatalogException:
            where = f"{suite.room}.{suite.table}"
            raise LookupError(f"{where}: no such table to validate. Build the room {suite.room} first.") from None
        finally:
            cursor.close()

    def _count(self, suite: Suite) -> dict[Counted, int]:
        """Count a suite in few queries, and one expectation after the other only where a query fails."""
        try:
            return self._ask(statements(suite))
        except _QueryFailed:
            return self._count_singly(suite)

    def _count_singly(self, suite: Suite) -> dict[Counted, int]:
        counts: dict[Counted, int] = {}
        for statement in single_statements(suite):
            try:
                counts |= self._ask([statement])
            except _QueryFailed as failed:
                raise NotValidated(suite, statement.counted[0], str(failed)) from None
        return counts

    def _ask(self, asked: Sequence[Statement]) -> dict[Counted, int]:
        """What the statements count, asked as one expectation of Great Expectations."""
        expectation = _import()
        if self._tables is None:
            self._tables = self._connect()
        found = self._tables.validate(expectation(statements=[statement.sql for statement in asked]))
        if found.exception_info.get("raised_exception", True):
            raise _QueryFailed(_error_class(found.exception_info))
        rows = found.result["details"]["counts"]
        pairs = (zip(statement.counted, row, strict=True) for statement, row in zip(asked, rows, strict=True))
        return dict(chain.from_iterable(pairs))

    def _connect(self) -> Batch:
        """The batch that is validated: the open connection's tables.

        It is one for all: to note an asset and drop it takes Great Expectations 14 ms of processor time.
        """
        import duckdb_sqlalchemy
        import great_expectations as gx
        import sqlalchemy as sa
        from great_expectations.data_context.types.base import ProgressBarsConfig

        # its loggers print whole exceptions, values and all
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_sql(  # type: ignore[call-arg]  # its stub lacks kwargs
            name="building",
            connection_string="duckdb:///:memory:",  # never opened: the creator lends our connection
            kwargs={
                "creator": lambda: duckdb_sqlalchemy.ConnectionWrapper(self._open_cursor()),
                "isolation_level": "AUTOCOMMIT",  # a query sees what the writer has written by then
                "poolclass": sa.NullPool,  # a cursor kept open would keep its transaction open, and bar the checkpoint
            },
        )
        tables = source.add_query_asset(
            "tables", query="select table_schema, table_name from information_schema.tables"
        )
        return tables.get_batch(tables.build_batch_request())


@contextmanager
def importing() -> Iterator[None]:
    """Import Great Expectations beside the work of the ``with`` block: two seconds, while the database computes.

    Not beside anything that uses SQLAlchemy: both import parts of it late, and would find each other's half done.
    """
    beside = threading.Thread(target=_import, name="import")
    beside.start()
    try:
        yield
    finally:
        beside.join()


def _import() -> type[TableKeepsItsRules]:
    """Import Great Expectations with the collector of cycles asleep: a sixth of the time, as nothing made is let go."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    awake = gc.isenabled()
    gc.disable()
    try:
        from quality.counting import TableKeepsItsRules

        return TableKeepsItsRules
    finally:
        if awake:
            gc.enable()


def validate(
    con: duckdb.DuckDBPyConnection, suites: Iterable[Suite], progress: Callable[[str], None] | None = None
) -> tuple[ValidationResult, ...]:
    """Validate several suites over cursors of ``con``, in one context. ``progress`` is told each table's name."""
    validator = Validator(lambda: borrow(con))
    results: list[ValidationResult] = []
    for suite in suites:
        if progress:
            progress(f"{suite.room}.{suite.table}")
        results.extend(validator.validate(suite))
    return tuple(results)


def borrow(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor of ``con`` with the same default catalog, which a cursor doesn't inherit."""
    found = con.execute("select current_database()").fetchall()
    cursor = con.cursor()
    cursor.execute(f"use {quoted(found[0][0])}")
    return cursor


def _missing_column(suite: Suite, column: str, rows: int) -> ValidationResult:
    return ValidationResult(suite.room, suite.table, Kind.COLUMN_EXISTS, column, False, rows, rows, 0.0, Severity.STOP)


def _judge(suite: Suite, expectation: Expectation, counts: dict[Counted, int]) -> ValidationResult:
    """Great Expectations counts; the verdict is ours, since it knows no tolerated share of a count."""
    unexpected, total = counts[expectation], counts["" if expectation.counts_rows else expectation.columns[0]]
    return ValidationResult(
        room=suite.room,
        table=suite.table,
        expectation=f"{expectation.kind}:{expectation.name}" if expectation.name else str(expectation.kind),
        column=", ".join(expectation.columns),
        success=unexpected <= expectation.bound * total + 1e-9,
        unexpected=unexpected,
        total=total,
        bound=expectation.bound,
        severity=expectation.severity,
    )


def _error_class(exception_info: object) -> str:
    """The class of the database's error, out of a traceback whose text may quote a value."""
    classes = re.findall(r"\b(?:_?duckdb|sqlalchemy\.exc|builtins)\.(\w+(?:Exception|Error))", str(exception_info))
    return str(classes[0]) if classes else "unknown error"
