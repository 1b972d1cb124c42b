"""Reads reports back as their readers do: cells of a workbook, cells of a page."""

from html.parser import HTMLParser
from pathlib import Path

import openpyxl


class _Tables(HTMLParser):
    """Collects the cells of every section's table of figures, row by row, and the words of its chart."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: dict[str, list[list[str]]] = {}
        self.drawn: dict[str, list[str]] = {}
        self._section: str | None = None
        self._cell: list[str] | None = None
        self._is_drawn = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "section":
            self._section = given["id"]
            self.sections[self._section], self.drawn[self._section] = [], []
        elif tag == "text" and self._section:
            self._is_drawn = True
        elif tag == "tr" and self._section:
            self.sections[self._section].append([])
        elif tag in ("td", "th") and self._section:
            self._cell = []

    def handle_endtag(self, tag):
        if tag == "section":
            self._section = None
        elif tag == "text":
            self._is_drawn = False
        elif tag in ("td", "th") and self._cell is not None:
            self.sections[self._section][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)
        elif self._is_drawn:
            self.drawn[self._section].append(data)


def of_page(file: Path) -> dict[str, list[list[str]]]:
    """Rows of each section's table, by the section's name: headings first, totals last."""
    reader = _Tables()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader.sections


def of_charts(file: Path) -> dict[str, list[str]]:
    """Words and numbers of each section's chart, in the order of drawing."""
    reader = _Tables()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader.drawn


def of_sheet(file: Path, name: str, heading_row: int) -> list[tuple[object, ...]]:
    """Rows of a sheet from its headings down, empty cells as None."""
    sheet = openpyxl.load_workbook(file)[name]
    return [
        row for row in sheet.iter_rows(min_row=heading_row + 1, values_only=True) if any(c is not None for c in row)
    ]
