"""What a table is expected to hold: said once in our words, counted by Great Expectations in SQL.

An expectation counts values or rows that break it and is judged on that count against a bound. Every query counts
and none selects a value, since results are printed, stored and shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
_OF_WHOLE_TABLE = {Kind.UNIQUE, Kind.REFERENCE}  # no condition on a single row can say these


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

    @property
    def source(self) -> str:
        """The table as SQL names it."""
        return f"{quoted(self.room)}.{quoted(self.table)}"


# What a number is of: an expectation, then it is what breaks it; a column, its values that aren't null; "", the rows.
Counted = Expectation | str


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with one row of whole numbers, one for each of ``counted`` in that order."""

    sql: str
    counted: tuple[Counted, ...]


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


def statements(suite: Suite) -> list[Statement]:
    """The queries that count all of a suite: one over the rows for whatever holds of a single row, one for each other.

    Keys and references stay apart, so that their hash tables are never in memory together.
    """
    of_rows = [expectation for expectation in suite.expectations if expectation.kind not in _OF_WHOLE_TABLE]
    of_table = [expectation for expectation in suite.expectations if expectation.kind in _OF_WHOLE_TABLE]
    return [_over_rows(suite, [*_totals(suite), *of_rows]), *(_over_table(suite, each) for each in of_table)]


def single_statements(suite: Suite) -> list[Statement]:
    """The same numbers by a query for each expectation, in the suite's order: says which of them can't be counted."""
    singly = (
        _over_table(suite, each) if each.kind in _OF_WHOLE_TABLE else _over_rows(suite, [each])
        for each in suite.expectations
    )
    return [_over_rows(suite, _totals(suite)), *singly]


def _totals(suite: Suite) -> list[Counted]:
    return ["", *sorted({expectation.columns[0] for expectation in suite.expectations if not expectation.counts_rows})]


def _over_rows(suite: Suite, counted: Sequence[Counted]) -> Statement:
    return Statement(f"select {', '.join(map(_aggregate, counted))} from {suite.source}", tuple(counted))


def _aggregate(counted: Counted) -> str:
    if isinstance(counted, str):
        return f"count({quoted(counted)})" if counted else "count(*)"
    if counted.kind is Kind.NOT_NULL:
        return f"count(*) - count({quoted(counted.columns[0])})"
    return f"count(*) filter (where {condition(counted)})"


def _over_table(suite: Suite, expectation: Expectation) -> Statement:
    names = [quoted(column) for column in expectation.columns]
    whole = " and ".join(f"{name} is not null" for name in names)
    if expectation.kind is Kind.UNIQUE:
        # every row beyond the first of its key: what would have to go for the key to be unique
        sql = (
            "select coalesce(sum(times - 1), 0)::bigint from "
            f"(select count(*) as times from {suite.source} where {whole} group by {', '.join(names)})"
        )
    else:
        table, column = expectation.refers_to
        sql = (
            f"select count(*) from (select {names[0]} as reference from {suite.source} where {whole}) "
            f"anti join (select {quoted(column)} as reference from {table}) as referred using (reference)"
        )
    return Statement(sql, (expectation,))


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


def not_null(columns: Sequence[str], severity: Severity, bound: float = 0.0) -> list[Expectation]:
    """One NOT_NULL expectation for each column."""
    return [Expectation(Kind.NOT_NULL, (column,), severity, bound) for column in columns]


def unique(columns: Sequence[str], severity: Severity, bound: float = 0.0) -> Expectation:
    """The columns together name a row."""
    return Expectation(Kind.UNIQUE, tuple(columns), severity, bound)
