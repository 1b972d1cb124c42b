"""What a table is expected to hold: said once in our words, counted by Great Expectations in SQL.

An expectation counts values or rows that break it and is judged on that count against a bound. Every query counts
and none selects a value, since results are printed, stored and shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation

Bound = float | date | None


class Severity(StrEnum):
    """What a broken expectation does: STOP keeps the run from going on, WARN is only shown."""

    STOP = "stop"
    WARN = "warn"


class Kind(StrEnum):
    """What is expected; the word is what results and the validation page call it."""

    COLUMN_EXISTS = "column_exists"
    NOT_NULL = "not_null"
    IN_SET = "in_set"
    IN_RANGE = "in_range"
    UNIQUE = "unique"
    SHAPE = "shape"
    REFERENCE = "reference"
    ROW_RULE = "row_rule"

    @property
    def zh(self) -> str:
        """What the values or rows should be, as an operator reads it."""
        return _KINDS_ZH[self]


_KINDS_ZH = {
    Kind.COLUMN_EXISTS: "有此列",
    Kind.NOT_NULL: "有值",
    Kind.IN_SET: "在代码表内",
    Kind.IN_RANGE: "在合理范围内",
    Kind.UNIQUE: "不重复",
    Kind.SHAPE: "格式正确",
    Kind.REFERENCE: "所指存在",
    Kind.ROW_RULE: "符合行规则",
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a table.

    ``bound`` is the share (0-1) of ``total`` that may break it. ``total`` is the rows for NOT_NULL, UNIQUE and
    ROW_RULE, the values that aren't null for the others. ``values`` are the words of IN_SET, ``ends`` those of
    IN_RANGE (both belong to it; None: open). ``breaks`` is an SQL condition, true of a row that breaks a SHAPE or
    ROW_RULE; it may use no cast that can fail, because the database's complaint would quote the value.
    ``refers_to`` is a table (``room.table``) and the column of it that holds every value. ``name`` says which rule,
    where one column bears several.
    """

    kind: Kind
    columns: tuple[str, ...]
    severity: Severity
    bound: float = 0.0
    values: tuple[str, ...] = ()
    ends: tuple[Bound, Bound] = (None, None)
    breaks: str = ""
    refers_to: tuple[str, str] = ("", "")
    name: str = ""

    @property
    def counts_rows(self) -> bool:
        """True when the share is of rows, false when it is of values that aren't null."""
        return self.kind in {Kind.NOT_NULL, Kind.UNIQUE, Kind.ROW_RULE, Kind.COLUMN_EXISTS}

    @property
    def holds_of_every_row(self) -> bool:
        """True of a condition on a single row that no row may break."""
        return self.bound == 0 and self.kind not in {Kind.UNIQUE, Kind.REFERENCE}


@dataclass(frozen=True, slots=True)
class Suite:
    """All that is expected of one table. ``room`` is the schema, ``table`` the table in it."""

    room: str
    table: str
    expectations: tuple[Expectation, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that an expectation names, sorted."""
        return tuple(sorted({column for expectation in self.expectations for column in expectation.columns}))


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float | date) -> str:
    """A constant of a spec for SQL. Great Expectations takes no parameters, and specs hold no data."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"{'timestamp' if isinstance(value, datetime) else 'date'} '{value.isoformat()}'"
    return repr(value)


def to_great_expectations(expectation: Expectation) -> UnexpectedRowsExpectation:
    """The Great Expectations object that counts what breaks this expectation.

    All kinds are row queries. Its own column expectations would fetch the values that break them, and take twice as
    long (4.5 s against 3.0 s of processor time for 200 expectations).
    """
    from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation

    return UnexpectedRowsExpectation(unexpected_rows_query=unexpected_rows_query(expectation))


def unexpected_rows_query(expectation: Expectation) -> str:
    """SQL with one row, holding no value of the table, for each row that breaks the expectation.

    ``{batch}`` stands for the table and other braces are doubled, as Great Expectations asks.
    """
    if expectation.kind is Kind.UNIQUE:
        names = [quoted(column) for column in expectation.columns]
        whole = " and ".join(f"{name} is not null" for name in names)
        # one for every row beyond the first of its key: what would have to go for the key to be unique
        return _escaped(
            f"select unnest(range(count(*) - 1)) as unexpected from {_BATCH} "
            f"where {whole} group by {', '.join(names)} having count(*) > 1"
        )
    if expectation.kind is Kind.REFERENCE:
        table, column = expectation.refers_to
        name = quoted(expectation.columns[0])
        return _escaped(
            f"select 1 as unexpected from (select {name} as reference from {_BATCH} where {name} is not null) "
            f"anti join (select {quoted(column)} as reference from {table}) as referred using (reference)"
        )
    return _escaped(f"select 1 as unexpected from {_BATCH} where {condition(expectation)}")


_BATCH = "«batch»"


def _escaped(sql: str) -> str:
    return sql.replace("{", "{{").replace("}", "}}").replace(_BATCH, "{batch}")


def condition(expectation: Expectation) -> str:
    """True of a row that breaks the expectation; null, like a null value, breaks nothing but NOT_NULL."""
    match expectation.kind:
        case Kind.NOT_NULL:
            return f"{quoted(expectation.columns[0])} is null"
        case Kind.IN_SET:
            return f"{quoted(expectation.columns[0])} not in ({', '.join(map(literal, expectation.values))})"
        case Kind.IN_RANGE:
            low, high = expectation.ends
            outside = [
                f"{quoted(expectation.columns[0])} {beyond} {literal(end)}"
                for beyond, end in (("<", low), (">", high))
                if end is not None
            ]
            return " or ".join(outside)
        case Kind.SHAPE | Kind.ROW_RULE:
            return expectation.breaks
        case _:
            raise ValueError(f"expectation {expectation.kind} has no condition on a single row")


def together(expectations: Sequence[Expectation]) -> Expectation:
    """One expectation that no row breaks any of these: where it counts none, each of them counts none."""
    breaks = " or ".join(f"({condition(expectation)})" for expectation in expectations)
    return Expectation(Kind.ROW_RULE, (), Severity.STOP, breaks=breaks, name=f"{len(expectations)} rules of every row")


def not_null(columns: Sequence[str], severity: Severity, bound: float = 0.0) -> list[Expectation]:
    """One NOT_NULL expectation for each column."""
    return [Expectation(Kind.NOT_NULL, (column,), severity, bound) for column in columns]


def unique(columns: Sequence[str], severity: Severity, bound: float = 0.0) -> Expectation:
    """The columns together name a row."""
    return Expectation(Kind.UNIQUE, tuple(columns), severity, bound)
