"""Delimited text: whole blocks at once where lines are plain, line by line only where one needs care.

A physical line that doesn't decode, or is longer than any record could be, is set aside by itself. Memory is bounded by
the block, whatever the file holds: a line of a gigabyte is skipped over, not gathered.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from connectors import records
from connectors.characters import modernise
from connectors.chunks import Chunk, Reject, Tally, of_rows
from connectors.encodings import Verdict, judge
from connectors.records import Layout, Record, Unfinished
from connectors.specs import TextSource

RECORD_BYTES = 1 << 20  # a longer line is no record
_ROWS_TO_TELL = 3  # one row may hold a separator in a field as well
_KEPT_BYTES = 1 << 16  # of a line in quarantine
_BLOCK_BYTES = 1 << 23
_DECODED_TOGETHER = 200  # lines: a dirty byte costs so many a decoding by themselves, not a block
_BLANK = " \t\u3000\x1a"  # Ctrl-Z: the end of a file, as DOS wrote it


@dataclass(frozen=True, slots=True)
class Block:
    """Whole physical lines. ``long`` gives the true length of lines cut short; ``is_cut``: no line break at the end."""

    lines: list[bytes]
    end: int  # the byte after the block, in the file
    long: dict[int, int] = field(default_factory=dict)
    is_cut: bool = False


def blocks(stream: io.BufferedIOBase, newline: bytes, limit: int, size: int = _BLOCK_BYTES) -> Iterator[Block]:
    """Cut a stream into blocks of whole lines, holding no more than a block and a line of at most ``limit``."""
    pending, skipped, end = b"", 0, stream.tell()
    while data := stream.read(size):
        end += len(data)
        if skipped:
            cut = data.find(newline)
            if cut < 0:
                skipped += len(data)
                continue
            yield Block([pending], end, {0: skipped + cut})
            pending, skipped, data = b"", 0, data[cut + 1 :]
        data = pending + data
        cut = data.rfind(newline)
        pending = data[cut + 1 :]
        if cut >= 0:
            yield _block(data[: cut + 1], newline, limit, end)
        if len(pending) > limit:
            pending, skipped = pending[:_KEPT_BYTES], len(pending)
    if pending:
        yield Block([pending.removesuffix(b"\r")], end, {0: skipped} if skipped else {}, is_cut=True)


def _block(data: bytes, newline: bytes, limit: int, end: int) -> Block:
    lines = data.replace(b"\r\n", b"\n")[:-1].split(newline)
    long = {i: len(line) for i, line in enumerate(lines) if len(line) > limit}
    for i in long:
        lines[i] = lines[i][:_KEPT_BYTES]
    return Block(lines, end, long)


class TextFile:
    """One opened file of delimited text."""

    def __init__(
        self,
        path: Path,
        source: TextSource,
        where: str,
        names_known: Callable[[Sequence[str]], int],
        layout_of: Callable[[Sequence[str]], Layout],
        record_bytes: int = RECORD_BYTES,
    ) -> None:
        self.verdict: Verdict = judge(
            path, where, source.encoding, lambda line: names_known(line.split(source.separator)), source.header_row
        )
        self.path, self.source, self.tally, self._limit = path, source, Tally(), record_bytes
        self.name, self.size, self.sha256 = path.name, self.verdict.size, self.verdict.sha256
        self.encoding: str = self.verdict.encoding
        self.header_row = source.header_row
        self._newline = _newline(path)
        self.top = self._top_lines()
        header = self.top[self.header_row - 1] if len(self.top) >= self.header_row else []
        self.header = [*header, *[""] * _closing_separators(len(header), self.top[self.header_row :])]
        self._layout_of = layout_of

    def _top_lines(self) -> list[list[str]]:
        """The first lines, in which the header is sought, split into cells."""
        with self.path.open("rb") as stream:
            stream.seek(self.verdict.skip)
            head = stream.read(1 << 18).replace(b"\r\n", b"\n").split(self._newline)[: self.header_row + 20]
        texts = [line[: self._limit].decode(self.encoding, "replace").replace("\0", "") for line in head]
        return [records.split(text, self.source.separator) or text.split(self.source.separator) for text in texts]

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows below the header."""
        layout, number, carried = self._layout_of(self.header), 1, list[bytes]()
        with self.path.open("rb") as stream:
            stream.seek(self.verdict.skip)
            for block in _with_end(blocks(stream, self._newline, self._limit)):
                skip = max(0, self.header_row + 1 - number)  # of title and header lines, only ever in the first blocks
                work = _Work(self, layout, carried, block, number, min(skip, len(block.lines)))
                yield from work.chunks()
                number += len(carried) + len(block.lines) - len(work.unfinished)
                carried = work.unfinished

    def decode(self, line: bytes) -> str:
        """A line or block as text, by the table of 2022."""
        text = line.decode(self.encoding)
        return modernise(text) if self.encoding == "gb18030" else text


def _closing_separators(width: int, rows: Sequence[Sequence[str]]) -> int:
    """How many separators close every row, but not the header: columns without a name."""
    filled = [row for row in rows if any(row)]
    widths = {len(row) for row in filled}
    if len(filled) < _ROWS_TO_TELL or len(widths) != 1 or any(cell for row in filled for cell in row[width:]):
        return 0
    return max(0, widths.pop() - width)


def _newline(path: Path) -> bytes:
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    return b"\r" if b"\n" not in start and b"\r" in start else b"\n"


def _with_end(found: Iterator[Block]) -> Iterator[Block]:
    """The same blocks and an empty one that says that no more lines come, so that an open quote is given up."""
    yield from found
    yield Block([], -1)


class _Work:
    """One block's reading: plain lines by Arrow, the others one by one."""

    def __init__(
        self, file: TextFile, layout: Layout, carried: list[bytes], block: Block, number: int, skip: int
    ) -> None:
        self.file, self.layout, self.block = file, layout, block
        self.first = number  # the line number of lines[0]
        self.lines = carried + block.lines
        self.shift = len(carried)
        self.skip = skip
        self.is_end = block.end < 0 or block.is_cut
        self.unfinished: list[bytes] = []
        self.rejects: list[Reject] = []
        self.rows: list[tuple[str, ...]] = []
        self.numbers: list[int] = []

    def chunks(self) -> Iterator[Chunk]:
        texts = self._decoded()
        plain = self._careful(texts)
        yield from self._plain(texts, plain)
        if self.rows or self.rejects:
            made = of_rows(self.rows, self.numbers, self.layout.width)
            yield Chunk(made.row_no, made.cells, self.rejects, max(self.block.end, 0))

    def _decoded(self) -> list[str | None]:
        """The lines as text; None for those set aside: they don't decode, are too long, or stand above the rows."""
        texts: list[str | None] = []
        for at in range(0, len(self.lines), _DECODED_TOGETHER):
            texts += self._decoded_together(at, self.lines[at : at + _DECODED_TOGETHER])
        for i, length in self.block.long.items():
            self._set_aside(self.shift + i, "too_long", str(length))
            texts[self.shift + i] = None
        texts[: self.skip] = [None] * self.skip
        return texts

    def _decoded_together(self, at: int, lines: Sequence[bytes]) -> list[str] | list[str | None]:
        try:
            return self.file.decode(b"\n".join(lines)).split("\n")
        except UnicodeDecodeError:
            return [self._decoded_alone(i, line) for i, line in enumerate(lines, at)]

    def _decoded_alone(self, i: int, line: bytes) -> str | None:
        try:
            return self.file.decode(line)
        except UnicodeDecodeError as error:
            if i - self.shift in self.block.long or i < self.skip:
                return None
            is_last = self.block.is_cut and i == len(self.lines) - 1 and error.end >= len(line)
            self._set_aside(i, "truncated_last_line" if is_last else "undecodable", f"@{error.start}")
            return None

    def _careful(self, texts: list[str | None]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Read the lines that need care; say which of the others are plain."""
        plain = np.fromiter((text is not None for text in texts), bool, len(texts))
        at = 0
        for i in self._suspects(texts):
            if i < at:
                continue
            text = texts[i]
            assert text is not None
            if "\0" in text:
                text = texts[i] = self._without_nul(i, text)
                if text is None:
                    plain[i] = False
                    continue
            if '"' not in text and "\r" not in text:
                continue
            found = records.read(texts, i, self.layout, is_end=self.is_end, is_cut=self.block.is_cut)
            if isinstance(found, Unfinished):
                self.unfinished = self.lines[i:]
                plain[i:] = False
                break
            at = i + found.lines
            plain[i:at] = False
            self._take(i, found)
        return plain

    def _suspects(self, texts: Sequence[str | None]) -> list[int]:
        return [i for i, text in enumerate(texts) if text and ('"' in text or "\0" in text or "\r" in text)]

    def _without_nul(self, i: int, text: str) -> str | None:
        """NUL bytes are padding or a torn write, no text: dropped and told of, unless nothing else is in the line."""
        rest = text.replace("\0", "").removesuffix("\r")
        if not rest.strip():
            self._set_aside(i, "nul_only", str(len(text)))
            return None
        self.file.tally.without_nul.append(self.first + i)
        return rest

    def _plain(self, texts: Sequence[str | None], plain: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Chunk]:
        at = np.flatnonzero(plain)
        data = "\n".join([text for text in compress(texts, plain.tolist()) if text is not None])
        if not data:
            return
        bad: list[int] = []

        def note(row: pacsv.InvalidRow) -> str:
            bad.append(row.number - 1)
            return "skip"

        table = _parsed((data + "\n").encode(), self.layout, note)
        for position in bad:
            i = int(at[position])
            if (texts[i] or "").strip(_BLANK):
                found = records.read(texts, i, self.layout, is_end=True, is_cut=self.block.is_cut)
                assert isinstance(found, Record)  # only a quoted field can be unfinished
                self._take(i, found)
        good = np.delete(at, bad) + self.first
        yield Chunk(
            pa.array(good.astype(np.int32)),
            [column.combine_chunks() for column in table.columns],
            (),
            max(self.block.end, 0),
        )

    def _take(self, i: int, found: Record) -> None:
        if found.reason is not None:
            self._set_aside(i, found.reason, found.detail)
            return
        if found.is_repaired:
            self.file.tally.repaired.append(self.first + i)
        self.rows.append(found.fields)
        self.numbers.append(self.first + i)

    def _set_aside(self, i: int, reason: str, detail: str) -> None:
        self.rejects.append(Reject(self.first + i, reason, detail, self.lines[i][:_KEPT_BYTES]))


def _parsed(data: bytes, layout: Layout, note: Callable[[pacsv.InvalidRow], str]) -> pa.Table:
    """Split plain lines (no quotes) into columns; lines of another width are given to ``note``."""
    names = [str(i) for i in range(layout.width)]
    return pacsv.read_csv(
        io.BytesIO(data),
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
        parse_options=pacsv.ParseOptions(
            delimiter=layout.separator,
            quote_char=False,
            double_quote=False,
            newlines_in_values=False,
            ignore_empty_lines=False,
            invalid_row_handler=note,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
        ),
    )
