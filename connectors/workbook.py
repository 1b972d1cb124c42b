"""Excel workbooks, read by calamine, after a look at what the archive would unpack to.

calamine lays a sheet out as a full grid: two cells in far corners ask for 500 GB and abort the process. So the parts of
the archive are counted first, by inflating them without keeping anything.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from connectors.chunks import Chunk, Tally, of_rows
from connectors.errors import EmptyFile, NotAWorkbook, SheetMissing, WorkbookTooLarge
from connectors.headers import folded
from connectors.specs import ExcelSource

UNPACKED_BYTES = 1 << 30
_RATIO = 200  # XML of a sheet packs 10 to 50 to 1
_RATIO_FROM_BYTES = 1 << 26
GRID_CELLS = 40_000_000
_ROWS = 5_000
_CELL = re.compile(rb"<c\b[^>]{0,200}?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]{0,200}(?<!/)>")
_EXACT_INTEGERS = 10.0**15  # a float holds longer numbers only approximately: Excel has cut them to 15 digits

Cell = str | float | int | bool | date | datetime | time | timedelta


def cell_text(cell: Cell) -> str:
    """A cell as text: dates ``YYYY-MM-DD``, whole numbers without ``.0``, too long ones as Excel shows them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int):
        return str(cell) if abs(cell) < _EXACT_INTEGERS else _scientific(float(cell))
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= _EXACT_INTEGERS:
        return _scientific(number)
    return str(int(number)) if number.is_integer() else f"{number:.15g}"


def _scientific(number: float) -> str:
    """``1.10108E+17``, the way Excel shows an identity number that it took for a number."""
    mantissa, exponent = f"{number:.5E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


class Sheet:
    """One opened sheet of a workbook."""

    encoding: str | None = None

    def __init__(self, path: Path, source: ExcelSource, where: str) -> None:
        self.name, self.header_row, self.tally = path.name, source.header_row, Tally()
        self.size, self.sha256 = path.stat().st_size, _sha256(path)
        _look_inside(path, where)
        self._rows = _sheet(path, source.sheet, where).iter_rows()
        self.top: list[list[str]] = []
        for _, row in zip(range(source.header_row), self._rows, strict=False):
            self.top.append([cell_text(cell) for cell in row])
        self.header: Sequence[str] = self.top[-1] if len(self.top) == source.header_row else []
        self._ahead: list[list[Cell]] = []
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Keep some rows below, in case the header stands there."""
        for _, row in zip(range(20), self._rows, strict=False):
            self._ahead.append(row)
        self.top += [[cell_text(cell) for cell in row] for row in self._ahead]

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows below the header. The grid gives every row as many cells as the header has."""
        row_no, width = self.header_row, len(self.header)
        batch: list[list[str]] = []
        first = row_no + 1
        for row in self._all_rows():
            row_no += 1
            batch.append([cell if type(cell) is str else cell_text(cell) for cell in row[:width]])
            if len(batch) == _ROWS:
                yield of_rows(batch, range(first, row_no + 1), width, row_no)
                batch, first = [], row_no + 1
        if batch:
            yield of_rows(batch, range(first, row_no + 1), width, row_no)

    def _all_rows(self) -> Iterator[list[Cell]]:
        yield from self._ahead
        yield from self._rows


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sheet(path: Path, name: str | None, where: str) -> CalamineSheet:
    try:
        book = CalamineWorkbook.from_path(path)
        if name is None:
            return book.get_sheet_by_index(0)
        return book.get_sheet_by_name(_named(where, name, book.sheet_names))
    except PasswordError:
        raise NotAWorkbook(where, "one that is locked by a password", "加了密码的工作簿") from None
    except (CalamineError, IndexError, ValueError) as error:
        raise NotAWorkbook(where, f"a damaged one ({type(error).__name__})", "已损坏的工作簿") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's own, which is no Exception
            raise
        raise NotAWorkbook(where, "a damaged one", "已损坏的工作簿") from None


def _named(where: str, name: str, found: Sequence[str]) -> str:
    """The sheet of that name, however it was typed (入户登记 with a space behind), where only one reads so."""
    alike = [name] if name in found else [sheet for sheet in found if folded(sheet) == folded(name)]
    if len(alike) != 1:
        raise SheetMissing(where, name, found)
    return alike[0]


def _look_inside(path: Path, where: str) -> None:
    """Refuse what is no workbook, and what would unpack beyond the bounds, before calamine opens it."""
    kind = _kind(path)
    if kind is not None:
        if kind == ("", ""):
            raise EmptyFile(where)
        raise NotAWorkbook(where, *kind)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise NotAWorkbook(where, "an archive without a workbook", "不含工作簿的压缩包")
            _count(where, path.stat().st_size, stream, parts)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise NotAWorkbook(where, f"a damaged archive ({type(error).__name__})", "已损坏的文件") from None


def _kind(path: Path) -> tuple[str, str] | None:
    """What the file is, in English and Chinese, if it is no zip archive; two blanks: empty."""
    with path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(b"PK"):
        return None
    if not start.strip(b"\0\r\n\t \xef\xbb\xbf"):
        return "", ""
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old .xls or a workbook locked by a password", "旧版 .xls 或加了密码的工作簿"
    if start.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        return "a web page named .xlsx", "改名为 .xlsx 的网页"
    return "something else", "其他格式的文件"


def _count(where: str, packed: int, stream: BinaryIO, parts: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for part in parts:
        rows = columns = 0
        tail = b""
        for piece in _inflated(stream, part):
            unpacked += len(piece)
            if unpacked > UNPACKED_BYTES or (unpacked > _RATIO_FROM_BYTES and unpacked > packed * _RATIO):
                raise WorkbookTooLarge(
                    where,
                    f"{packed:,} bytes unpack to over {unpacked:,}",
                    f"{packed:,} 字节的文件解压后超过 {unpacked:,} 字节，疑似压缩炸弹",
                )
            if part.filename.startswith("xl/worksheets/"):
                if found := _CELL.findall(tail + piece):
                    letters, digits = map(set, zip(*found, strict=True))
                    rows, columns = max(rows, *map(int, digits)), max(columns, *map(_column_number, letters))
                tail = piece[-500:]
        if rows * columns > GRID_CELLS:
            raise WorkbookTooLarge(
                where,
                f"{part.filename} has cells out to row {rows:,} and column {columns:,}",
                f"{part.filename} 的单元格延伸到第 {rows:,} 行、第 {columns:,} 列",
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _inflated(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's true contents in pieces, whatever size the archive claims for it."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & 1:
        raise zipfile.BadZipFile("a part is packed or encrypted in a way that no workbook uses")
    stream.seek(part.header_offset)
    local = stream.read(30)
    if len(local) < 30 or not local.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("a part is not where the directory says")
    stream.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    left = part.compress_size
    inflater = zlib.decompressobj(-15)
    while left > 0 and (data := stream.read(min(left, 1 << 16))):
        left -= len(data)
        if part.compress_type == zipfile.ZIP_STORED:
            yield data
            continue
        while data:
            piece = inflater.decompress(data, 1 << 20)
            if piece:
                yield piece
            data = inflater.unconsumed_tail
