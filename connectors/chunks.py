"""What every reader gives: the header's cells, then chunks of rows as Arrow text, and the rows it could not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Reject:
    """A row for the quarantine. ``reason`` is a code of ``quarantine_reasons.yml``; ``content`` may be cut short."""

    row_no: int
    reason: str
    detail: str
    content: bytes


@dataclass(slots=True)
class Tally:
    """What a reader did to rows on the way, for the receipt: figures and the first few row numbers, never values."""

    repaired: list[int] = field(default_factory=list)
    without_nul: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: ``cells`` holds a text array for each header cell, ``row_no`` the rows' numbers in the file.

    An empty cell is null.
    """

    row_no: pa.Array
    cells: Sequence[pa.Array]
    rejects: Sequence[Reject] = ()
    position: int = 0  # bytes or rows read so far, for the progress bar


class Opened(Protocol):
    """A file, sheet or table that was opened and whose header was read."""

    name: str
    header: Sequence[str]
    header_row: int
    encoding: str | None
    size: int
    sha256: str
    tally: Tally

    def chunks(self) -> Iterator[Chunk]:
        """Read on, a chunk at a time."""
        ...


def of_rows(rows: Sequence[Sequence[str | None]], row_no: Sequence[int], width: int, position: int = 0) -> Chunk:
    """A chunk of rows that are in Python already."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    cells = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    return Chunk(pa.array(row_no, pa.int32()), cells, (), position)
