"""A dry run of one delivery: what would be landed, said in a clerk's words, Chinese first. Nothing is kept.

The report names files, lines, columns and code words; never a person. A code word is shown only where it is short and
comes again and again, which no name, number or address does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors import landing, locate, quarantine, shapes
from connectors.receipts import Receipt
from connectors.specs import FeedSpec
from connectors.staging import quoted

_ROWS_SHOWN = 20
_WORD_LENGTH, _WORD_TIMES, _WORDS_SHOWN = 8, 3, 10
_UNKNOWN_AT_MOST = 0.5  # beyond it the column holds something else than code words


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """How one of our columns is filled. ``unknown``: values of a code-word column that the spec can't decode."""

    name: str
    source: str
    is_required: bool
    filled: int
    unknown: int = 0
    unknown_words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RowSetAside:
    """One row that would go to the quarantine."""

    file: str
    row_no: int
    reason: quarantine.Reason


@dataclass(frozen=True, slots=True)
class DryReport:
    """What a delivery holds. ``is_landable``: it would be landed, if perhaps with rows in quarantine."""

    spec: FeedSpec
    receipt: Receipt
    columns: tuple[ColumnFound, ...]
    unknown_columns: tuple[str, ...]
    absent_columns: tuple[str, ...]
    set_aside: tuple[RowSetAside, ...]

    @property
    def is_landable(self) -> bool:
        """Whether a run would take it."""
        return self.receipt.status == "landed"

    def render(self) -> str:
        """The report for a terminal."""
        return "\n".join([*_chinese(self), "", *_english(self)])


def check(file: Path, spec: FeedSpec, *, record_bytes: int = landing.RECORD_BYTES) -> DryReport:
    """Read one file (or SQLite database) as a delivery of a table and say what is in it."""
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as con:
        delivery = locate.of_file(spec, file)
        receipt = landing.land(con, spec, delivery, "dry", record_bytes=record_bytes)
        columns = _columns(con, spec, receipt) if receipt.status == "landed" else ()
        unknown, absent = _drift(con, "unknown_column"), _drift(con, "absent_column")
        return DryReport(spec, receipt, columns, unknown, absent, _set_aside(con))


def _drift(con: duckdb.DuckDBPyConnection, kind: str) -> tuple[str, ...]:
    found = con.execute("select column_name from raw.drift where kind = ? order by column_name", [kind]).fetchall()
    return tuple(str(name) for (name,) in found)


def _set_aside(con: duckdb.DuckDBPyConnection) -> tuple[RowSetAside, ...]:
    found = con.execute("select file, row_no, reason, detail from raw.quarantine order by file, row_no").fetchall()
    return tuple(RowSetAside(file, row_no, quarantine.said(reason, detail)) for file, row_no, reason, detail in found)


def _columns(con: duckdb.DuckDBPyConnection, spec: FeedSpec, receipt: Receipt) -> tuple[ColumnFound, ...]:
    counts = ", ".join(f"count({quoted(name)})" for name in spec.columns)
    filled = con.execute(f"select {counts} from raw.{quoted(spec.raw_table)}").fetchone() or ()
    return tuple(_column(con, spec, name, int(count)) for name, count in zip(spec.columns, filled, strict=True))


def _column(con: duckdb.DuckDBPyConnection, spec: FeedSpec, name: str, filled: int) -> ColumnFound:
    column = spec.columns[name]
    found = ColumnFound(name, column.sources[0], column.required, filled)
    if not column.words or not filled:
        return found
    cell = quoted(name)
    values = con.execute(
        f"select {cell}, count(*) from raw.{quoted(spec.raw_table)} where {cell} is not null "
        "group by all order by 2 desc, 1"
    ).fetchall()
    fits = shapes.of(column)
    strange = [(str(value), int(times)) for value, times in values if not fits(str(value))]
    unknown = sum(times for _, times in strange)
    words = tuple(
        (value, times)
        for value, times in strange
        if len(value) <= _WORD_LENGTH and times >= _WORD_TIMES and unknown <= filled * _UNKNOWN_AT_MOST
    )
    return ColumnFound(name, found.source, found.is_required, filled, unknown, words[:_WORDS_SHOWN])


def _chinese(report: DryReport) -> list[str]:
    receipt, spec = report.receipt, report.spec
    lines = [f"【{spec.title}】{'可以入库' if report.is_landable else '不能入库'}：{receipt.message_zh}"]
    if not report.is_landable:
        return lines
    lines += [f"编码：{'、'.join(receipt.encodings)}"] if receipt.encodings else []
    lines += [f"提示：{warning.split(' / ')[0]}" for warning in receipt.warnings]
    lines += [f"未知列（保留，不使用）：{'、'.join(report.unknown_columns)}"] if report.unknown_columns else []
    lines += [f"缺少的可选列：{'、'.join(report.absent_columns)}"] if report.absent_columns else []
    lines += ["各列填写率："] + [
        f"  {column.source}{'（必填列）' if column.is_required else ''} {_share(column.filled, receipt.rows_landed)}"
        for column in report.columns
    ]
    for column in report.columns:
        if column.unknown:
            lines.append(f"“{column.source}”列有 {column.unknown} 个值不在代码表中{_words(column, '：', '、')}")
    for row in report.set_aside[:_ROWS_SHOWN]:
        lines.append(f"隔离 {row.file} 第 {row.row_no} 行：{row.reason.zh}。{row.reason.todo}")
    return lines + _and_more(report, "另有 {} 行被隔离")


def _english(report: DryReport) -> list[str]:
    receipt, spec = report.receipt, report.spec
    verdict = "can be landed" if report.is_landable else "cannot be landed"
    lines = [f"[{spec.feed}.{spec.table}] {verdict}: {receipt.message}"]
    if not report.is_landable:
        return lines
    lines += [f"Encoding: {', '.join(receipt.encodings)}"] if receipt.encodings else []
    lines += [f"Note: {warning.split(' / ')[-1]}" for warning in receipt.warnings]
    lines += (
        [f"Unknown columns (kept, not used): {', '.join(report.unknown_columns)}"] if report.unknown_columns else []
    )
    lines += [f"Optional columns absent: {', '.join(report.absent_columns)}"] if report.absent_columns else []
    for column in report.columns:
        if column.unknown:
            lines.append(
                f"Column {column.source}: {column.unknown} values are no known code{_words(column, ': ', ', ')}"
            )
    for row in report.set_aside[:_ROWS_SHOWN]:
        lines.append(f"Quarantine {row.file}:{row.row_no}: {row.reason.en}.")
    return lines + _and_more(report, "and {} more rows in quarantine")


def _words(column: ColumnFound, before: str, between: str) -> str:
    return (
        before + between.join(f"{word}×{times}" for word, times in column.unknown_words) if column.unknown_words else ""
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _and_more(report: DryReport, words: str) -> list[str]:
    more = len(report.set_aside) - _ROWS_SHOWN
    return [words.format(more)] if more > 0 else []
