"""Delivered files as departments write them: delimited text, workbooks and database tables, with their damage.

Each writer takes blocks of cells and answers on which line, sheet row or table row each block row came to stand.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import xlsxwriter

from connectors.sample.faults import Spoiler
from connectors.sample.streams import Ints, Texts

_DESTROYED = re.compile(r"\d{15}000|\d\.\d+E\+\d+")
_MONEY = re.compile(r"\d+\.\d{2}")
_SERIAL = re.compile(r"\d{5}")
_NUMBER_COLUMNS = frozenset({"身份证号", "证件号码", "医疗总费用", "个人负担费用"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Sink(Protocol):
    """Where the rows of one file go."""

    def write(self, cells: dict[str, Texts], ids: Ints) -> Ints:
        """Write a block and return the number of each row as ``feeds`` counts it."""

    def close(self) -> None:
        """Finish the file."""


@dataclass(frozen=True)
class TextShape:
    """How a department writes delimited text."""

    encoding: str
    has_mark: bool  # byte order mark
    separator: str
    quotes: bool
    newline: str
    damaged: str  # the free-text column that stray characters get into


class TextSink:
    """A delimited text file."""

    def __init__(self, path: Path, columns: tuple[str, ...], shape: TextShape, spoil: Spoiler) -> None:
        self._path, self._columns, self._shape, self._spoil = path, columns, shape, spoil
        this = np.array([sum(path.name.encode()) * 7 + len(str(path.parent.parent.name))], dtype=np.int64)
        rates = spoil.rates
        hits = spoil.hits(this, f"file {path.parent.parent.name}/{path.name}", {"other_encoding": rates.other_encoding})
        mark = spoil.hits(
            this, f"mark {path.parent.parent.name}/{path.name}", {"byte_order_mark": rates.byte_order_mark}
        )
        cut = spoil.hits(this, f"end {path.parent.parent.name}/{path.name}", {"cut_last_line": rates.cut_last_line})
        self._is_swapped, self._is_cut = bool(hits), bool(cut)
        swapped = "utf-8" if shape.encoding == "gb18030" else "gb18030"
        self._encoding = swapped if self._is_swapped else shape.encoding
        self._file = path.open("wb")
        if self._encoding == "utf-8" and (shape.has_mark ^ bool(mark)):
            self._file.write(b"\xef\xbb\xbf")
        self._line = 1
        self._last = b""
        self._put([shape.separator.join(columns)])

    def write(self, cells: dict[str, Texts], ids: Ints) -> Ints:
        """Write a block of rows."""
        broken = self._spoil_cells(cells, ids)
        columns = [self._quoted(cells[column]) for column in self._columns]
        lines = list(map(self._shape.separator.join, zip(*columns, strict=True)))
        self._spoil_lines(lines, cells, ids)
        heights = np.ones(len(lines), dtype=np.int64)
        heights[broken] += np.array([lines[at].count("\n") for at in broken], dtype=np.int64)
        ends = np.cumsum(heights)
        starts = self._line + ends - heights
        self._put(lines, int(heights.sum()), self._spoil_bytes(ids))
        return starts

    def _spoil_cells(self, cells: dict[str, Texts], ids: Ints) -> list[int]:
        """Break a line inside a quoted cell."""
        if not self._shape.quotes:
            return []
        column = self._shape.damaged
        rates = {"embedded_newline": self._spoil.rates.embedded_newline}
        found = self._spoil.hits(ids, "line break", rates).get("embedded_newline", np.array([], dtype=np.int64))
        cells[column] = cells[column].copy()
        for at in found.tolist():
            value = cells[column][at] or "不详"
            cells[column][at] = value[: len(value) // 2] + "\n" + value[len(value) // 2 :]
        return [int(at) for at in found]

    def _spoil_lines(self, lines: list[str], cells: dict[str, Texts], ids: Ints) -> None:
        """Put a stray quote or a bare separator into the free-text cell, as no CSV writer would."""
        rates = self._spoil.rates
        table = {"extra_separator": rates.extra_separator}
        if self._shape.quotes:
            table["stray_quote"] = rates.stray_quote
        for fault, hit in self._spoil.hits(ids, "line", dict(table)).items():
            stray = '"' if fault == "stray_quote" else self._shape.separator
            for at in hit.tolist():
                value = cells[self._shape.damaged][at]
                if len(value) > 3 and "\n" not in value and lines[at].count(value) == 1:
                    lines[at] = lines[at].replace(value, value[:3] + stray + value[3:])

    def _spoil_bytes(self, ids: Ints) -> dict[int, bytes]:
        """Choose the lines that get bytes which no encoding knows, or a NUL."""
        if self._is_swapped:
            return {}
        rates = self._spoil.rates
        table = {"undecodable_bytes": rates.undecodable_bytes, "nul_byte": rates.nul_byte}
        hits = self._spoil.hits(ids, "bytes", dict(table))
        return {
            int(at): b"\xff\x81" if fault == "undecodable_bytes" else b"\x00"
            for fault, found in hits.items()
            for at in found
        }

    def _quoted(self, values: Texts) -> list[str]:
        """Quote the cells that need it."""
        found: list[str] = values.tolist()
        if not self._shape.quotes:
            return found
        joined = "".join(found)
        special = (self._shape.separator, '"', "\n", "\r")
        if not any(char in joined for char in special):
            return found
        return [
            '"' + value.replace('"', '""') + '"' if any(char in value for char in special) else value for value in found
        ]

    def _put(self, lines: list[str], height: int = 1, damage: dict[int, bytes] | None = None) -> None:
        if not lines:
            return
        newline = self._shape.newline
        if damage:
            encoded = [(line + newline).encode(self._encoding) for line in lines]
            for at, stray in damage.items():
                middle = encoded[at].find(self._shape.separator.encode(), len(encoded[at]) // 2)
                encoded[at] = encoded[at][: middle + 1] + stray + encoded[at][middle + 1 :]
            self._file.write(self._last + b"".join(encoded[:-1]))
            self._last = encoded[-1]
        else:
            self._file.write(self._last + newline.join([*lines[:-1], ""]).encode(self._encoding))
            self._last = (lines[-1] + newline).encode(self._encoding)
        self._line += height

    def close(self) -> None:
        """Finish the file; a copy that broke off loses the end of its last line."""
        self._file.write(self._last[: len(self._last) // 2] if self._is_cut else self._last)
        self._file.close()


class SheetSink:
    """A workbook's only sheet that matters."""

    def __init__(
        self, path: Path, columns: tuple[str, ...], sheet: str, title: str, as_of: date, date_column: str
    ) -> None:
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
        self._book.set_properties(
            {"created": datetime(as_of.year, as_of.month, as_of.day), "author": "", "company": ""}
        )
        self._sheet = self._book.add_worksheet(sheet)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._columns, self._date_column = columns, date_column
        self._row = 0
        if title:
            self._sheet.write_string(0, 0, title)
            self._row = 1
        self._sheet.write_row(self._row, 0, columns)
        self._row += 1

    def write(self, cells: dict[str, Texts], ids: Ints) -> Ints:
        """Write a block of rows."""
        count = len(ids)
        start = self._row
        for row in range(count):
            for column, name in enumerate(self._columns):
                self._cell(start + row, column, name, cells[name][row], int(ids[row]))
        self._row += count
        return np.arange(start + 1, start + count + 1, dtype=np.int64)

    def _cell(self, row: int, column: int, name: str, value: str, identity: int) -> None:
        if not value:
            return
        if name == self._date_column and identity % 2 and _DAY.fullmatch(value):
            self._sheet.write_datetime(row, column, datetime.fromisoformat(value), self._day)
        elif (name == "出生日期" and _SERIAL.fullmatch(value)) or (
            name in _NUMBER_COLUMNS and (_DESTROYED.fullmatch(value) or _MONEY.fullmatch(value))
        ):
            self._sheet.write_number(row, column, float(value))
        else:
            self._sheet.write_string(row, column, value)

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()


class DatabaseSink:
    """A table of the department's database."""

    def __init__(self, path: Path, table: str, columns: tuple[str, ...]) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("pragma journal_mode = off")
        self._connection.execute("pragma synchronous = off")
        self._connection.execute(f"create table {table} ({', '.join(f'{column} TEXT' for column in columns)})")
        marks = ", ".join("?" * len(columns))
        self._insert = f"insert into {table} ({', '.join(columns)}) values ({marks})"
        self._columns = columns
        self._row = 0

    def write(self, cells: dict[str, Texts], ids: Ints) -> Ints:
        """Insert a block of rows; an empty cell is NULL."""
        columns = [[value or None for value in cells[column].tolist()] for column in self._columns]
        self._connection.executemany(self._insert, zip(*columns, strict=True))
        found = np.arange(self._row + 1, self._row + len(ids) + 1, dtype=np.int64)
        self._row += len(ids)
        return found

    def close(self) -> None:
        """Commit and close."""
        self._connection.commit()
        self._connection.close()
