"""Rows that are no entries: the header once more, where files were put together, lines of totals, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, reduce
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from connectors.chunks import Chunk, Reject
from connectors.headers import Columns

_SPACES = r"[\s\x{3000}:：]+"
_COUNT = r"^[\s\d.,]*[人名个条]?$"
_NOBODY = r"^[\s\x{3000}]*$|[:：]"  # blank, or a label too
_CELLS_TO_TELL = 3  # of a header: a cell alone may be a name


def set_aside(chunk: Chunk, header: Sequence[str], columns: Columns, encoding: str | None) -> Chunk:
    """Move the rows that are no entries to the chunk's rejects."""
    if not len(chunk.row_no):
        return chunk
    found = {
        "header_again": _repeats(chunk, header, columns),
        "line_of_totals": _is_total(chunk, columns),
        "note": _is_note(chunk, columns),
    }
    none = reduce(pc.or_, found.values())
    if not pc.any(none).as_py():
        return chunk
    at = pc.indices_nonzero(none).to_pylist()
    rejects = [_reject(chunk, i, next(reason for reason in found if found[reason][i].as_py()), encoding) for i in at]
    kept = pc.invert(none)
    cells = [column.filter(kept) for column in chunk.cells]
    return replace(chunk, row_no=chunk.row_no.filter(kept), cells=cells, rejects=[*chunk.rejects, *rejects])


def _repeats(chunk: Chunk, header: Sequence[str], columns: Columns) -> pa.Array:
    """Whether all cells under the first few of our columns hold the column's name."""
    found = pa.array([True] * len(chunk.row_no))
    for at in sorted(columns.at.values())[:_CELLS_TO_TELL]:
        found = pc.and_(found, pc.fill_null(pc.equal(chunk.cells[at], header[at]), False))
        if not pc.any(found).as_py():
            break
    return found


def _is_total(chunk: Chunk, columns: Columns) -> pa.Array:
    """Whether the first cell says 合计 or the like, and nobody is named: a count may stand where the name is due."""
    first = pc.fill_null(chunk.cells[0], "")
    found = pc.match_substring_regex(first, "计")
    if not pc.any(found).as_py():
        return found
    found = pc.is_in(pc.replace_substring_regex(first, _SPACES, ""), value_set=pa.array(_words("totals")))
    name = columns.at.get("name")
    if not name:
        return found
    return pc.and_(found, pc.match_substring_regex(pc.fill_null(chunk.cells[name], ""), _COUNT))


def _is_note(chunk: Chunk, columns: Columns) -> pa.Array:
    """Whether the first cell is a note or a form's label with its colon (注：…, 填表人：…), and nobody is named."""
    first = pc.fill_null(chunk.cells[0], "")
    found = pc.match_substring_regex(first, "[:：]")
    if not pc.any(found).as_py():
        return found
    found = pc.match_substring_regex(
        first, rf"^[\s*※\x{{3000}}]*(?:{'|'.join(_words('labels'))})[\s\d\x{{3000}}]*[:：]"
    )
    name = columns.at.get("name")
    if not name:
        return found
    return pc.and_(found, pc.match_substring_regex(pc.fill_null(chunk.cells[name], ""), _NOBODY))


@cache
def _words(kind: str) -> tuple[str, ...]:
    file = files("connectors") / "other_lines.yml"
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8"))[kind])


def _reject(chunk: Chunk, i: int, reason: str, encoding: str | None) -> Reject:
    row = ",".join(column[i].as_py() or "" for column in chunk.cells)
    return Reject(chunk.row_no[i].as_py(), reason, "", row.encode(encoding or "utf-8", "replace"))
