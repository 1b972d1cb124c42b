"""Great Expectations run in SQL over the connection that is already open.

It is imported here and only when a suite is run (1-3 s, 200 MB). Its results and its exceptions can quote values
of the table (a failed cast does), so neither leaves this module: figures are copied out, and a query that fails is
reported by the class of its error.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from quality.expectations import Expectation, Kind, Severity, Suite, quoted, to_great_expectations, together

if TYPE_CHECKING:
    import duckdb
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

# without these, SUMMARY puts 20 values of the table into a result
_COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


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

    def __init__(self, suite: Suite, expectation: Expectation, error: str) -> None:
        of = ", ".join(expectation.columns) or expectation.name
        where = f"{suite.room}.{suite.table}: {expectation.kind} of {of}"
        super().__init__(
            f"{where} could not be counted ({error}). Its condition must be SQL that no value can fail: "
            "try_cast, try_strptime, regexp_matches."
        )


class Validator:
    """One Great Expectations context over one open connection; make one for a run and give it every suite.

    ``open_cursor`` gives a new cursor of the connection with the right default catalog (``Warehouse.cursor``).
    """

    def __init__(self, open_cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._open_cursor = open_cursor
        self._source: SQLDatasource | None = None

    def validate(self, suite: Suite, table: str | None = None) -> tuple[ValidationResult, ...]:
        """Count every expectation of ``suite`` on its table (or on ``table`` of the same room), in suite order.

        A column that isn't there breaks COLUMN_EXISTS, which stops; what else is expected of it is left out.
        """
        table = table or suite.table
        suite = replace(suite, table=table)
        cursor = self._open_cursor()
        try:
            there = _columns_of(cursor, suite.room, table)
            absent = [column for column in suite.columns if column not in there]
            usable = tuple(e for e in suite.expectations if not set(e.columns) & set(absent))
            totals = _count_filled(cursor, replace(suite, expectations=usable))
        finally:
            cursor.close()
        missing = [_missing_column(suite, column, totals[""]) for column in absent]
        counts = self._count_batched(suite, usable)
        return (*missing, *(_judge(suite, e, count, totals) for e, count in zip(usable, counts, strict=True)))

    def _count_batched(self, suite: Suite, expectations: Sequence[Expectation]) -> list[int]:
        """Count all at once where no row may break them, and singly only when one does.

        Great Expectations takes 6 ms of processor time for each it is given, whatever the table's size.
        """
        batched = [e for e in expectations if e.holds_of_every_row]
        if len(batched) < 2:
            return self._count(suite, expectations)
        others = [e for e in expectations if not e.holds_of_every_row]
        try:
            broken, *of_others = self._count(suite, [together(batched), *others])
        except NotValidated:  # which of them it was, the single counts say
            return self._count(suite, expectations)
        of_batched = iter(self._count(suite, batched) if broken else [0] * len(batched))
        rest = iter(of_others)
        return [next(of_batched) if e.holds_of_every_row else next(rest) for e in expectations]

    def _count(self, suite: Suite, expectations: Sequence[Expectation]) -> list[int]:
        """How often each expectation is broken, by Great Expectations."""
        import great_expectations as gx  # on first use only

        if not expectations:
            return []
        source = self._connect()
        with warnings.catch_warnings():  # it would have the schema in the address, but rooms share one connection
            warnings.simplefilter("ignore", DeprecationWarning)
            asset = source.add_table_asset(
                name=f"{suite.room}.{suite.table}", table_name=suite.table, schema_name=suite.room
            )
        try:
            batch = asset.add_batch_definition_whole_table("whole").get_batch()
            counters = [to_great_expectations(expectation) for expectation in expectations]
            for place, counter in enumerate(counters):
                counter.meta = {"place": place}  # equal expectations would otherwise be taken for one
            outcome = batch.validate(
                gx.ExpectationSuite(name=asset.name, expectations=counters), result_format=_COUNTS_ONLY
            )
        finally:
            source.delete_asset(asset.name)
        configured = [(found.expectation_config, found) for found in outcome.results]
        by_place = {config.meta["place"]: found for config, found in configured if config and config.meta}
        return [_counted(suite, e, by_place[place]) for place, e in enumerate(expectations)]

    def _connect(self) -> SQLDatasource:
        if self._source is None:
            os.environ["GX_ANALYTICS_ENABLED"] = "false"
            import duckdb_sqlalchemy
            import great_expectations as gx
            from great_expectations.data_context.types.base import ProgressBarsConfig

            # its loggers print whole exceptions, values and all
            logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = ProgressBarsConfig(globally=False)
            self._source = context.data_sources.add_sql(  # type: ignore[call-arg]  # its stub lacks kwargs
                name="building",
                connection_string="duckdb:///:memory:",  # never opened: the creator lends our connection
                kwargs={
                    "creator": lambda: duckdb_sqlalchemy.ConnectionWrapper(self._open_cursor()),
                    # rows are fetched after its rollback, which by default would have closed the result
                    "isolation_level": "AUTOCOMMIT",
                    "skip_autocommit_rollback": True,
                    "pool_reset_on_return": None,
                },
            )
        return self._source


@contextmanager
def importing() -> Iterator[None]:
    """Import Great Expectations beside the work of the ``with`` block: two seconds, while the database computes.

    Not beside anything that uses SQLAlchemy: both import parts of it late, and would find each other's half done.
    """
    beside = threading.Thread(target=import_module, args=["great_expectations"], name="import")
    beside.start()
    try:
        yield
    finally:
        beside.join()


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


def _columns_of(cursor: duckdb.DuckDBPyConnection, room: str, table: str) -> set[str]:
    found = cursor.execute(
        "select column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [room, table],
    ).fetchall()
    if not found:
        raise LookupError(f"{room}.{table}: no such table to validate. Build the room {room} first.")
    return {column for (column,) in found}


def _count_filled(cursor: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, int]:
    """Values that aren't null in each column that a share of values is asked of; under "" the rows."""
    columns = sorted({e.columns[0] for e in suite.expectations if not e.counts_rows})
    counts = ", ".join(["count(*)", *(f"count({quoted(column)})" for column in columns)])
    found = cursor.execute(f"select {counts} from {quoted(suite.room)}.{quoted(suite.table)}").fetchall()[0]
    return dict(zip(["", *columns], found, strict=True))


def _missing_column(suite: Suite, column: str, rows: int) -> ValidationResult:
    return ValidationResult(suite.room, suite.table, Kind.COLUMN_EXISTS, column, False, rows, rows, 0.0, Severity.STOP)


def _counted(suite: Suite, expectation: Expectation, found: Any) -> int:
    count = found.result.get("observed_value")
    if not isinstance(count, int):
        raise NotValidated(suite, expectation, _error_class(found.exception_info))
    return count


def _judge(suite: Suite, expectation: Expectation, unexpected: int, totals: dict[str, int]) -> ValidationResult:
    """Great Expectations counts; the verdict is ours, as its row queries know no tolerated share."""
    total = totals["" if expectation.counts_rows else expectation.columns[0]]
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
