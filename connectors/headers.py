"""Which column of a delivery is which of ours: by its header, read alike however it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors import shapes
from connectors.errors import ColumnMissing, ColumnTwice, EmptyFile
from connectors.records import Layout
from connectors.specs import FeedSpec

_IGNORED = re.compile(r"[\s\u200b\ufeff\"'`*＊]+")  # spaces, marks of byte order, quotes, the star of a required field


@dataclass(frozen=True, slots=True)
class Columns:
    """Where our columns stand in a file. ``unknown`` are names the spec does not know; positions count from 0."""

    at: Mapping[str, int]
    unknown: Mapping[str, int]
    width: int

    def layout(self, spec: FeedSpec, separator: str) -> Layout:
        """What a record of the file looks like."""
        names = {position: name for name, position in self.at.items()}
        known = [spec.columns[names[i]] if i in names else None for i in range(self.width)]
        return Layout(separator, tuple(shapes.of(column) for column in known))


def folded(name: str) -> str:
    """A column's name without the ways of typing it: width, spaces, a byte order mark, case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).casefold()


def names_known(spec: FeedSpec, header: Sequence[str]) -> int:
    """How many of the header's cells name a column of ours."""
    ours = {folded(source) for column in spec.columns.values() for source in column.sources}
    return sum(1 for cell in header if folded(cell) in ours)


def match(
    spec: FeedSpec, where: str, header: Sequence[str], header_row: int, top: Sequence[Sequence[str]] = ()
) -> Columns:
    """Find our columns in a header. ``top`` are the file's first rows, to say where the header stands instead.

    Raises ColumnMissing, ColumnTwice, EmptyFile.
    """
    if not any(cell.strip() for row in (header, *top) for cell in row):
        raise EmptyFile(where)
    positions: dict[str, list[int]] = {}
    for position, cell in enumerate(header):
        positions.setdefault(folded(cell), []).append(position)
    at: dict[str, int] = {}
    missing = []
    for name, column in spec.columns.items():
        source = next((source for source in column.sources if folded(source) in positions), None)
        if source is None:
            missing += [(name, column.sources)] if column.required else []
            continue
        found = positions[folded(source)]
        if len(found) > 1:
            raise ColumnTwice(where, source, [position + 1 for position in found])
        at[name] = found[0]
    if missing:
        raise ColumnMissing(where, missing, *_what_was_found(spec, header, header_row, top))
    return Columns(at, _unknown(header, set(at.values())), len(header))


def _unknown(header: Sequence[str], known: set[int]) -> dict[str, int]:
    """The other columns by name: one without a name gets its place for one, a second of the same name a number."""
    unknown: dict[str, int] = {}
    for position, cell in enumerate(header):
        if position not in known:
            name = cell.strip().strip("\ufeff") or f"第{position + 1}列"
            unknown[name if name not in unknown else f"{name}#{position + 1}"] = position
    return unknown


def _what_was_found(spec: FeedSpec, header: Sequence[str], row: int, top: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The header's names, unless the row is no header at all: then its cells may be people, and are not printed."""
    if names_known(spec, header) * 3 >= len(spec.required):
        cells = [cell.strip() for cell in header if cell.strip()]
        return f"Found in row {row}: {', '.join(cells)}.", f"第 {row} 行的表头为：{'、'.join(cells)}。"
    elsewhere = max(range(len(top)), key=lambda i: names_known(spec, top[i]), default=0)
    if top and names_known(spec, top[elsewhere]) * 3 >= len(spec.required):
        return (
            f"The header was sought in row {row} and seems to stand in row {elsewhere + 1}: set `source.header_row`.",
            f"按约定应在第 {row} 行找表头，疑似在第 {elsewhere + 1} 行：可在接口说明中设置 `source.header_row`。",
        )
    return (
        f"The header was sought in row {row}, which names too few of the columns ({len(header)} cells).",
        f"按约定应在第 {row} 行找表头，但该行（{len(header)} 个单元格）不像这张表的表头。",
    )
