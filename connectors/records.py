"""Records of delimited text that need care: quotes, embedded line breaks, too many or too few fields.

A stray quote must never swallow the good rows that follow it. So a quoted field may go on over a line break only while
the following lines are no records by themselves; else the line is read with its quote taken literally.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from connectors.repair import only_reading
from connectors.shapes import Fits

_LINES_AT_MOST = 100  # of one record


@dataclass(frozen=True, slots=True)
class Layout:
    """What a record of the file looks like: its separator and one check a field, in the header's order."""

    separator: str
    fits: tuple[Fits, ...]

    @property
    def width(self) -> int:
        """Fields of a record."""
        return len(self.fits)


@dataclass(frozen=True, slots=True)
class Record:
    """One record, or the reason why the line can't be read. ``lines``: physical lines it takes up."""

    fields: tuple[str, ...] = ()
    lines: int = 1
    reason: str | None = None
    detail: str = ""
    is_repaired: bool = False


@dataclass(slots=True)
class Unfinished:
    """A quoted field is open at the end of what was read so far: the record needs the lines to come."""

    lines: int = field(default=0)


def read(lines: Sequence[str | None], at: int, layout: Layout, *, is_end: bool, is_cut: bool) -> Record | Unfinished:
    """Read the record that begins with line ``at``; None stands for a line that doesn't decode.

    ``is_end``: no more lines will come. ``is_cut``: the last line has no line break, so a field too few there means
    that the file was truncated.
    """
    text = lines[at]
    assert text is not None
    fields = split(text, layout.separator)
    if fields is not None:
        return _of_width(fields, layout, is_truncated=is_cut and at == len(lines) - 1)
    if text.count('"') % 2:
        joined = _joined(lines, at, layout, is_end)
        if joined is not None:
            return joined
    return _with_stray_quotes(text, layout, is_truncated=is_cut and at == len(lines) - 1)


@cache
def _well_quoted(separator: str) -> re.Pattern[str]:
    one = rf'(?:"(?:[^"]|"")*+"|[^"{re.escape(separator)}]*+)'
    return re.compile(rf"{one}(?:{re.escape(separator)}{one})*+")


def split(text: str, separator: str) -> list[str] | None:
    """The fields of a record whose quoting is sound, else None."""
    if '"' not in text:
        return text.split(separator)
    if not _well_quoted(separator).fullmatch(text):
        return None
    return next(csv.reader([text], delimiter=separator)) if len(text) < csv.field_size_limit() else None


def _stands_alone(text: str | None, layout: Layout) -> bool:
    if text is None:
        return False
    fields = split(text, layout.separator)
    return fields is not None and len(fields) == layout.width


def _joined(lines: Sequence[str | None], at: int, layout: Layout, is_end: bool) -> Record | Unfinished | None:
    """The record over several lines, or None where its quote is a stray one."""
    gathered = [lines[at] or ""]
    for line in lines[at + 1 : at + _LINES_AT_MOST]:
        if line is None or _stands_alone(line, layout):
            return None
        gathered.append(line)
        if line.count('"') % 2:  # the open field is closed again
            fields = split("\n".join(gathered), layout.separator)
            return Record(tuple(fields), len(gathered)) if fields and len(fields) == layout.width else None
    if len(gathered) == _LINES_AT_MOST or is_end:
        return None
    return Unfinished(len(gathered))


def _with_stray_quotes(text: str, layout: Layout, *, is_truncated: bool) -> Record:
    """Quotes taken as they stand where that gives the right number of fields; dropped at a field's edge."""
    lenient = _lenient(text, layout.separator) if text.count('"') % 2 == 0 else []
    if len(lenient) == layout.width:
        return Record(tuple(lenient))
    literal = [_unquoted(part) for part in text.split(layout.separator)]
    if len(literal) == layout.width:
        return Record(tuple(literal), is_repaired=True)
    if is_truncated and len(literal) < layout.width:
        return _truncated(len(literal), layout)
    # too few fields after an open quote: the rest may be anywhere below, so a blank is not filled in
    reading = only_reading(literal, layout.fits, layout.separator) if len(literal) > layout.width else None
    if reading is None:
        return Record(reason="stray_quote", detail=f"{len(literal)}/{layout.width}")
    return Record(reading, is_repaired=True)


def _lenient(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator))
    except csv.Error:  # a carriage return outside quotes, or a field beyond the module's limit
        return []


def _unquoted(part: str) -> str:
    if len(part) >= 2 and part.startswith('"') and part.endswith('"'):
        return part[1:-1].replace('""', '"')
    return part[1:] if part.startswith('"') else part.removesuffix('"')


def _of_width(fields: list[str], layout: Layout, *, is_truncated: bool) -> Record:
    found, wanted = len(fields), layout.width
    if found == wanted:
        return Record(tuple(fields))
    if is_truncated and found < wanted:
        return _truncated(found, layout)
    reading = only_reading(fields, layout.fits, layout.separator)
    if reading is None:
        return Record(reason="too_many_fields" if found > wanted else "too_few_fields", detail=f"{found}/{wanted}")
    return Record(reading, is_repaired=True)


def _truncated(found: int, layout: Layout) -> Record:
    return Record(reason="truncated_last_line", detail=f"{found}/{layout.width}")
