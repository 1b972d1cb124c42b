"""A department's return file: a cover with counts and how to correct, then a sheet for each of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from policy.period import Period
from reporting import sheets
from reporting.returns.finding import Finding, Kind, Received, findings, kinds, received
from reporting.returns.words import Table
from reporting.sheets import Book, Heading

_ROWS = 1_000_000  # a sheet of Excel holds 1,048,576
_STATUSES = {"landed": "已入库", "missing": "未送达", "refused": "拒收"}
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\\", "、"))  # of a sheet
_COUNTS = ("表", "状态", "读入行", "入库行", "完全重复", "读不出（隔离）", "须更正", "提示")
_COLUMNS = {"文件": 28, "行号": 8, "本部门编号": 26, "列": 18, "问题": 40, "请办": 44, "类别": 9, "更正结果": 18}
_HANDLING = "内部资料，含本部门的编号和行号。只供报送部门更正本部门数据，不得转发其他单位，更正完毕后删除。"
_HOW = (
    "1. 在本部门系统中更正标为“须更正”的各处；“提示”不必改，下次报送时注意即可。",
    "2. 从系统重新导出整张表（不是只导出更正的行），用原来的文件名重新报送；新文件整体替换旧文件。",
    "3. 收到后重新运行，更正过的各处不再出现在下一份退回文件中。",
    "4. 只有“读不出”的行、又不便整表重报的，请民政部门用 childindex quarantine export 导出原文，更正后回填。",
    "5. 身份证号、电话各列请设为“文本”格式后再导出，否则 Excel 会把号码变成科学计数法。",
)


@dataclass(frozen=True, slots=True)
class Written:
    """One return file. ``must``: places to correct; ``notes``: places only to know of."""

    file: Path
    must: int
    notes: int


@dataclass(frozen=True, slots=True)
class _Part:
    table: Table
    came: Received
    counted: dict[Kind, int]

    def places(self, must: bool) -> int:
        return sum(places for kind, places in self.counted.items() if kind[2] is must)


def write(
    con: duckdb.DuckDBPyConnection, period: Period, release: int, department: str, tables: Iterable[Table], folder: Path
) -> Written | None:
    """Write one department's file into ``folder``; None where nothing of its tables came.

    It goes to the department that delivered the rows, and to nobody else: it holds that department's own row numbers.
    """
    parts = [
        _Part(table, came, dict(kinds(con, table))) for table in tables if (came := received(con, table)) is not None
    ]
    if all(part.came.status == "missing" for part in parts):
        return None
    file = folder / f"退回更正_{department}_{period}.xlsx"
    footer = f"{department}报送数据退回更正单 {period} · 内部资料，更正完毕后删除"
    with sheets.book(file, row_by_row=True) as book:
        _write_cover(book, footer, period, release, department, parts)
        for part in parts:
            _write_findings(book, footer, part.table, findings(con, part.table))
    return Written(file, sum(part.places(True) for part in parts), sum(part.places(False) for part in parts))


def _write_cover(
    book: Book, footer: str, period: Period, release: int, department: str, parts: Sequence[_Part]
) -> None:
    sheet = book.sheet("封面", footer)
    for column, width in enumerate((26, 22, 44, 10, 10, 14, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"{department}报送数据退回更正单", book.title)
    sheet.write_string(
        1,
        0,
        f"{period}（基准日 {period.as_of}），据第 {release} 次发布；只含本部门报送的行，不含其他部门的数据",
        book.note,
    )
    sheet.write_string(2, 0, f"使用要求：{_HANDLING}", book.note)
    at = _lines(book, sheet, 4, _COUNTS, (_counts(part) for part in parts)) + 1
    counted = (
        (part.table.title, name, what, places, _class(must))
        for part in parts
        for (name, what, must), places in sorted(part.counted.items(), key=lambda kind: (not kind[0][2], -kind[1]))
    )
    at = _lines(book, sheet, at, ("表", "列", "问题", "处数", "类别"), counted) + 1
    for line in (f"{part.table.title}：{note}" for part in parts for note in part.came.notes):
        sheet.write_string(at, 0, line, book.plain)
        at += 1
    for number, line in enumerate(("如何更正", *_HOW), at + 1):
        sheet.write_string(number, 0, line, book.plain if number > at + 1 else book.label)


def _counts(part: _Part) -> tuple[object, ...]:
    came = part.came
    figures = (came.read, came.landed, came.repeated, came.quarantined, part.places(True), part.places(False))
    return (part.table.title, _STATUSES[came.status], *(figure or 0 for figure in figures))


def _lines(book: Book, sheet: Any, at: int, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A small table on the cover, whose columns others share; returns the next row."""
    for column, title in enumerate(titles):
        sheet.write_string(at, column, title, book.heading)
    for row in rows:
        at += 1
        for column, value in enumerate(row):
            book.write(sheet, at, column, value)
    return at + 1


def _write_findings(book: Book, footer: str, table: Table, found: Iterable[Finding]) -> None:
    """One sheet a table, more where Excel can't hold so many rows; none where nothing was found."""
    headings = [Heading(title, width) for title, width in _COLUMNS.items()]
    for part, rows in groupby(enumerate(found), lambda each: each[0] // _ROWS):
        name = f"{table.title.translate(_NOT_IN_A_NAME)[:26]}{f'（{part + 1}）' if part else ''}"
        book.table(book.sheet(name, footer), 0, headings, (_cells(each) for _, each in rows))


def _cells(each: Finding) -> tuple[object, ...]:
    return (each.file, each.row_no, each.key, each.column, each.what, each.ask, _class(each.must), None)


def _class(must: bool) -> str:
    return "须更正" if must else "提示"
