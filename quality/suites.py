"""Suites rendered from the specs: what a delivery should look like, and what our own tables must.

Of a department's rows nothing stops: shapes, words, ranges and blanks warn above a bound. Of our own tables the
structure stops: keys, references, words that we chose ourselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from connectors.specs import ColumnSpec, FeedSpec
from quality.bounds import Bounds, ExpectationBounds
from quality.expectations import Bound, Expectation, Kind, Severity, Suite, literal, not_null, quoted, unique
from warehouse.specs import Column, TableSpec

# The shape of a delivered cell, by the type that a feed spec gives its column (feeds.md). Wider than one department's
# habit, since a site's own differ; what is inside the shape is judged by matching.normalize.
_SHAPES = {
    "citizen_no": r"\d{17}[\dXx]",
    "date": r"\d{8}|\d{4}([-/.])\d{1,2}[-/.]\d{1,2}",
    "month": r"\d{6}|\d{4}[-/.]\d{1,2}",
    "division": r"\d{6}(\d{3}|\d{6})?",
    "phone": r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}",
    "money": r"-?\d+(\.\d{1,2})?",
    "integer": r"-?\d+",
}
_OWN_ROOMS = ("link", "core", "care", "mart")


def delivered(spec: FeedSpec, bounds: Bounds) -> Suite:
    """What ``raw.<feed>_<table>`` should hold, cell by cell as delivered. All of it warns; only our entry id stops.

    Code words aren't here: the gate ``unknown_words`` counts those that the spec doesn't know out of the profile.
    """
    expectations = [*not_null(["entry_id"], Severity.STOP), unique(["entry_id"], Severity.STOP)]
    expectations.append(unique(spec.key, Severity.WARN, bounds.expectations.key_repeated_at_most))
    for name in spec.columns:
        expectations += _cell(name, spec, bounds.expectations)
    return Suite("raw", spec.raw_table, tuple(expectations))


def typed(spec: FeedSpec, as_of: date, bounds: Bounds) -> Suite:
    """What ``std.<feed>_<table>`` should hold: one row an entry, dates that can be, words that we chose, no negatives.

    Source of its columns: the contract of ``matching.normalize.write_typed``.
    """
    expectations = [*not_null(["entry_id"], Severity.STOP), unique(["entry_id"], Severity.STOP)]
    expectations.append(Expectation(Kind.REFERENCE, ("entry_id",), Severity.STOP, refers_to=("std.entry", "entry_id")))
    for name, column in spec.columns.items():
        if column.type == "word":
            words = tuple(sorted(set(column.words.values())))
            expectations.append(Expectation(Kind.IN_SET, (name,), Severity.STOP, values=words))
        elif ends := _ends(name, column, as_of, bounds.expectations):
            bound = spec.expect.faults_at_most
            expectations.append(Expectation(Kind.IN_RANGE, (name,), Severity.WARN, bound, ends=ends))
    return Suite("std", spec.raw_table, tuple(expectations))


def _ends(name: str, column: ColumnSpec, as_of: date, expect: ExpectationBounds) -> tuple[Bound, Bound] | None:
    match column.type:
        case "date" | "month":
            return expect.earliest_date, None if name in expect.may_lie_ahead else as_of
        case "money" | "integer":
            return 0.0, None
        case _:
            return None


def table(spec: TableSpec) -> Suite:
    """What a table of our own must hold, by its spec.

    Keys stop in every room; past ``std`` so do references and the words that we chose ourselves. Ranges, shapes and row
    rules warn: they come from what departments deliver, and one odd value must not hide a county's children.
    """
    of_words = Severity.STOP if spec.room in _OWN_ROOMS else Severity.WARN
    expectations: list[Expectation] = []
    if spec.key:
        expectations.append(unique(spec.key, Severity.STOP))
    required = [name for name, column in spec.columns.items() if column.required or name in spec.key]
    expectations += not_null(required, Severity.STOP)
    for name, column in spec.columns.items():
        expectations += _value(name, column, of_words, is_key=spec.key == (name,))
    for condition in spec.expect_rows:
        expectations.append(
            Expectation(Kind.ROW_RULE, (), Severity.WARN, breaks=f"not coalesce({condition}, true)", name=condition)
        )
    return Suite(spec.room, spec.table, tuple(expectations))


def of_deliveries(specs: Iterable[FeedSpec], bounds: Bounds) -> list[Suite]:
    """One suite a raw table."""
    return [delivered(spec, bounds) for spec in specs]


def of_entries(feeds: Iterable[FeedSpec], tables: Iterable[TableSpec], as_of: date, bounds: Bounds) -> list[Suite]:
    """The suites of the room std: a typed table for each feed table, and the shared ones by their specs."""
    typed_tables = [typed(spec, as_of, bounds) for spec in feeds]
    by_feed = {suite.table for suite in typed_tables}
    return typed_tables + [table(spec) for spec in tables if spec.room == "std" and spec.table not in by_feed]


def of_published(tables: Iterable[TableSpec], rooms: Iterable[str] = _OWN_ROOMS) -> list[Suite]:
    """The suites of what is published; a table of which nothing is expected has none."""
    suites = [table(spec) for spec in tables if spec.room in set(rooms)]
    return [suite for suite in suites if suite.expectations]


def _cell(name: str, spec: FeedSpec, expect: ExpectationBounds) -> list[Expectation]:
    column, expectations = spec.columns[name], []
    if (blank := _blank_at_most(name, spec, expect)) is not None:
        expectations += not_null([name], Severity.WARN, blank)
    if pattern := _SHAPES.get(column.type):
        breaks = f"not regexp_full_match(trim({quoted(name)}), {literal(pattern)})"
        bound = spec.expect.faults_at_most
        expectations.append(Expectation(Kind.SHAPE, (name,), Severity.WARN, bound, breaks=breaks, name=column.type))
    return expectations


def _blank_at_most(name: str, spec: FeedSpec, expect: ExpectationBounds) -> float | None:
    """The share of blank cells that passes; None where blanks are as good as anything."""
    if name in spec.expect.filled_at_least:
        return 1 - spec.expect.filled_at_least[name]
    if name in spec.key and spec.columns[name].type == "key_number":
        return expect.key_blank_at_most
    return expect.names_blank_at_most if spec.columns[name].required and spec.columns[name].type == "name" else None


def _value(name: str, column: Column, severity: Severity, is_key: bool) -> list[Expectation]:
    expect, expectations = column.expect, []
    if expect.one_of is not None:
        expectations.append(Expectation(Kind.IN_SET, (name,), severity, values=expect.one_of))
    if expect.at_least is not None or expect.at_most is not None:
        ends = (_end(expect.at_least, column.type), _end(expect.at_most, column.type))
        expectations.append(Expectation(Kind.IN_RANGE, (name,), Severity.WARN, ends=ends))
    if expect.full_match is not None:
        breaks = f"not regexp_full_match({quoted(name)}, {literal(expect.full_match)})"
        expectations.append(Expectation(Kind.SHAPE, (name,), Severity.WARN, breaks=breaks))
    if expect.references is not None:
        referred, _, held_in = expect.references.rpartition(".")
        expectations.append(Expectation(Kind.REFERENCE, (name,), severity, refers_to=(referred, held_in)))
    if expect.unique and not is_key:
        expectations.append(unique([name], severity))
    return expectations


def _end(end: float | str | None, column_type: str) -> Bound:
    """An end of a range as the column's type has it; specs write dates as text."""
    if end is None or not isinstance(end, str):
        return end
    if column_type.lower() == "date":
        return date.fromisoformat(end)
    return datetime.fromisoformat(end) if column_type.lower().startswith("timestamp") else float(end)
