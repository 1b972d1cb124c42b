"""Excel sheets as clerks use them: text stays text, headings stay in sight, and a page printed is a page read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from reporting.whole import whole

_FONT = "宋体"
PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}  # text stays text
_A4, _A3 = 9, 8  # Excel's numbers of paper
_A4_HOLDS = 150  # characters across, in a size that can be read
_OF_NOTES = 1.15  # of their smaller characters so many stand where one of the table's does
_LINE, _TALLEST = 15, 409  # points: of a line, and of a row in Excel
BY_HAND = 30  # points: of a row in which somebody writes with a pen
_EXACT = 10**15  # Excel keeps 15 digits


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet; ``width`` in characters of the heading's font, a Chinese one counting as two."""

    title: str
    width: float = 14
    is_percent: bool = False


class Book:
    """A workbook being written, with the few formats that all its sheets share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        self.title = book.add_format({**base, "font_size": 16, "bold": True})
        self.centred = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
        self.heading = book.add_format(
            {**base, "bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#DDE6F0"}
        )
        self.to_fill = book.add_format(
            {**base, "bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#FFF2CC"}
        )
        self.plain = book.add_format({**base})
        self.label = book.add_format({**base, "bold": True, "valign": "top"})
        self.words = book.add_format({**base, "text_wrap": True, "valign": "top"})
        small = {**base, "font_size": 9, "font_color": "#555555"}
        self.note = book.add_format(small)
        self.note_in_lines = book.add_format({**small, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({**base, "num_format": "@", "border": 1, "text_wrap": True})
        figure = {**base, "border": 1, "align": "right", "indent": 1}
        self.number = book.add_format({**figure, "num_format": "#,##0"})
        self.percent = book.add_format({**figure, "num_format": "0.0%"})
        whole = {"bold": True, "top": 2, "bg_color": "#F3F3F3"}
        self.total = book.add_format({**figure, **whole, "num_format": "#,##0"})
        self.total_words = book.add_format({**base, **whole, "border": 1})

    def sheet(self, name: str, footer: str, *, landscape: bool = True) -> Any:
        """Add a sheet that prints on A4, as wide as the page; Excel takes 31 characters for its name."""
        sheet = self.book.add_worksheet(name[:31])
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{footer.replace('&', '&&')}&R&8第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        return sheet

    def cover(self, sheet: Any, title: str, lines: Iterable[tuple[str, str]]) -> int:
        """Write a cover: a title, then what is said in pairs of words; return the next free row."""
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 96)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, title, self.title)
        at = 2
        for label, words in lines:
            sheet.write_string(at, 0, label, self.label)
            sheet.write_string(at, 1, words, self.words)
            sheet.set_row(at, 16 * sum(max(1, -(-width(line) // 94)) for line in words.split("\n")))
            at += 1
        return at

    def table(
        self,
        sheet: Any,
        at: int,
        headings: Sequence[Heading],
        rows: Iterable[Sequence[object]],
        total: Sequence[object] | None = None,
        *,
        filters: bool = True,
        frozen: int = 0,
        lowest: int = 0,
    ) -> int:
        """Write headings in row ``at``, frozen and printed on every page, rows and total below; return the next row.

        ``frozen``: columns that stay in sight too. ``lowest``: points that every row has at least. A table too wide for
        A4 prints on A3. A row is as tall as its words need: not every program that opens it measures that itself.
        """
        if sum(heading.width for heading in headings) > _A4_HOLDS:
            sheet.set_paper(_A3)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, heading.width)
            sheet.write_string(at, column, heading.title, self.heading)
        sheet.set_row(at, 32)
        sheet.freeze_panes(at + 1, frozen)
        sheet.repeat_rows(at)
        next_row = at + 1
        for row in rows:
            if (points := max(tall(row, headings), lowest)) > _LINE:
                sheet.set_row(next_row, min(points, _TALLEST))
            for column, (value, heading) in enumerate(zip(row, headings, strict=True)):
                self.write(sheet, next_row, column, value, self.percent if heading.is_percent else None)
            next_row += 1
        if filters and next_row > at + 1:
            sheet.autofilter(at, 0, next_row - 1, len(headings) - 1)
        if total is not None:
            for column, value in enumerate(total):
                self.write(sheet, next_row, column, value, self.total if isinstance(value, int) else self.total_words)
            next_row += 1
        return next_row

    def note_over(self, sheet: Any, row: int, words: str, headings: Sequence[Heading]) -> None:
        """Write a note over all columns of a table, which are two at least, in as many lines as it takes."""
        sheet.merge_range(row, 0, row, len(headings) - 1, words, self.note_in_lines)
        held = int(sum(heading.width for heading in headings) * _OF_NOTES)
        sheet.set_row(row, _LINE * -(-width(words) // held))

    def write(self, sheet: Any, row: int, column: int, value: object, form: Any = None) -> None:
        """A number as a number, all else as text: Excel is to take no number for one that it may round."""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _EXACT:
            sheet.write_number(row, column, value, form or self.number)
        elif value is None or value == "":
            sheet.write_blank(row, column, None, form or self.text)
        else:
            sheet.write_string(row, column, _shown(value), form or self.text)


@contextmanager
def book(out: Path, *, row_by_row: bool = False) -> Iterator[Book]:
    """Write a workbook to ``out``, whole or not at all. ``row_by_row``: a row is kept no longer than it is written."""
    with whole(out) as half, xlsxwriter.Workbook(half, {**PLAIN, "constant_memory": row_by_row}) as made:
        yield Book(made)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def tall(row: Sequence[object], headings: Sequence[Heading]) -> int:
    """Points that a row takes, by the cell with the most words in its column."""
    words = [
        -(-width(line) // max(1, int(heading.width) - 1))
        for value, heading in zip(row, headings, strict=True)
        if isinstance(value, str)
        for line in value.split("\n")
    ]
    return _LINE * max(words, default=1)


def width(text: str) -> int:
    """Columns that a text takes, a Chinese character two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
