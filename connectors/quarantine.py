"""The quarantine: rows that could not be read, said in a clerk's words, sent back, and landed again once mended.

Everything here but the wording holds people: it stays in the restricted store or goes back to its department.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import yaml

from connectors import headers, landing, receipts
from connectors.chunks import of_rows
from connectors.errors import MendedRowsRefused
from connectors.receipts import Receipt
from connectors.specs import FeedSpec
from connectors.staging import TABLE, Staging, quoted

_FILE, _ROW = ("file", "文件"), ("row_no", "row", "行号")
_OURS = ("feed", "table", "reason", "detail", "原因", "处理办法", "原文")
_SHOWN = 5
_LONGEST_SHAPE = 400  # bytes of a line that a page shows the form of


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row could not be read and what its department can do."""

    zh: str
    en: str
    todo: str


@cache
def _reasons() -> Mapping[str, Reason]:
    given = yaml.safe_load((files("connectors") / "quarantine_reasons.yml").read_text(encoding="utf-8"))
    return {code: Reason(**words) for code, words in given.items()}


def said(reason: str, detail: str) -> Reason:
    """A reason's words, with what the reader noted put in."""
    words = _reasons()[reason]
    return replace(words, zh=words.zh.format(detail=detail), en=words.en.format(detail=detail))


def export(con: duckdb.DuckDBPyConnection, out: Path, spec: FeedSpec | None = None) -> int:
    """Write the quarantine, or one table's, to a CSV to send back; returns the number of rows.

    The line as delivered is the last column; bytes that are no text in it become U+FFFD.
    """
    found = con.execute(
        """select feed, table_name, file, row_no, reason, detail, bytes from raw.quarantine
        where $feed is null or (feed = $feed and table_name = $table)
        order by feed, table_name, file, row_no""",
        {"feed": spec.feed if spec else None, "table": spec.table if spec else None},
    ).fetchall()
    encodings = {(feed, table, file): encoding for feed, table, file, encoding in _encodings(con)}
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["feed", "table", "file", "row_no", "reason", "原因", "处理办法", "原文"])
        for feed, table, file, row_no, reason, detail, content in found:
            words = said(reason, detail)
            text = bytes(content).decode(encodings.get((feed, table, file)) or "utf-8", "replace")
            writer.writerow([feed, table, file, row_no, reason, words.zh, words.todo, text])
    return len(found)


def _encodings(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str | None]]:
    return con.execute("select feed, table_name, file, encoding from raw.file").fetchall()


def replay(con: duckdb.DuckDBPyConnection, spec: FeedSpec, mended: Path) -> Receipt:
    """Land rows that a person mended, under the file and row they first came with; all of them or none.

    ``mended`` is a CSV (UTF-8 or GB18030) with ``file``, ``row_no`` and the table's columns under the department's
    names. Raises MendedRowsRefused for a row that is not in the quarantine, FeedError for a missing column.
    """
    receipt = receipts.read(con, spec)
    if receipt is None or receipt.status != "landed":
        raise MendedRowsRefused(
            f"{spec.feed}.{spec.table}", "the table has no landed delivery to add rows to", "该表尚无已入库的数据"
        )
    header, places, rows = _mended(spec, mended.name, mended.read_bytes())
    _expect_quarantined(con, spec, mended.name, places)
    _land_again(con, spec, header, places, rows)
    landed = _count(con, f"select count(*) from raw.{quoted(spec.raw_table)}")
    fewer = receipt.rows_quarantined - len(rows)
    told = landing.told(
        replace(
            receipt,
            rows_landed=landed,
            rows_quarantined=fewer,
            rows_repeated=receipt.rows_read - landed - fewer,
            warnings=(*receipt.warnings, f"回填 {len(rows)} 行 / {len(rows)} mended rows landed"),
        )
    )
    receipts.write(con, told)
    return told


def hand_in(con: duckdb.DuckDBPyConnection | None, spec: FeedSpec, content: bytes, folder: Path) -> tuple[Path, int]:
    """Keep mended rows for the next run, which lands them by :func:`replay`; return where, and how many.

    ``con`` reads the published period, None where there is none yet. Rows that aren't in its quarantine, a missing
    column, and rows that ``folder`` holds already are refused, so that no run stops for them.
    """
    where = f"{spec.feed}.{spec.table}"
    header, places, _ = _mended(spec, "mended", content)
    headers.match(spec, where, header, 1)
    if not places:
        raise MendedRowsRefused(where, "no row below the header", "表头下没有数据行")
    if con is not None:
        _expect_quarantined(con, spec, "mended", places)
    before = {place for path in folder.glob("*.csv") for place in _mended(spec, path.name, path.read_bytes())[1]}
    if twice := [f"{file}:{row}" for file, row in places if (file, row) in before]:
        shown = ", ".join(twice[:_SHOWN])
        raise MendedRowsRefused(where, f"handed in before: {shown}", f"此前已交来：{shown}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / f"{datetime.now(UTC):%Y%m%d%H%M%S%f}.csv"
    half = kept.with_suffix(".part")
    half.touch(mode=0o600)
    half.write_bytes(content)
    half.rename(kept)
    return kept, len(places)


def shape(content: bytes, encoding: str | None) -> str:
    """A line's form without what it says: 9 for each digit, 文 for each other letter but Latin ones, which are a."""
    text = bytes(content[:_LONGEST_SHAPE]).decode(encoding or "utf-8", "replace")
    return "".join(
        "9" if each.isdigit() else ("a" if each.isascii() else "文") if each.isalpha() else each for each in text
    )


def header_to_mend(spec: FeedSpec) -> str:
    """The first line of a file of mended rows."""
    return ",".join([_FILE[0], _ROW[0], *(column.sources[0] for column in spec.columns.values())])


def _mended(spec: FeedSpec, name: str, raw: bytes) -> tuple[list[str], list[tuple[str, int]], list[list[str]]]:
    """The header, each row's first place, and the rows."""
    where = f"{spec.feed}.{spec.table}/{name}"
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    folded = [headers.folded(cell) for cell in header]
    at = [next((folded.index(name) for name in names if name in folded), None) for names in (_FILE, _ROW)]
    if at[0] is None or at[1] is None:
        raise MendedRowsRefused(
            where, "expected the columns `file` and `row_no`", "缺少 file（文件）或 row_no（行号）列"
        )
    if ragged := [i for i, row in enumerate(rows, 2) if len(row) != len(header) or not row[at[1]].strip().isdecimal()]:
        lines = ", ".join(map(str, ragged[:_SHOWN]))
        raise MendedRowsRefused(
            where, f"lines {lines} lack fields or a row number", f"第 {lines} 行字段数不符或行号不是数字"
        )
    return header, [(row[at[0]], int(row[at[1]])) for row in rows], rows


def _expect_quarantined(
    con: duckdb.DuckDBPyConnection, spec: FeedSpec, name: str, places: Sequence[tuple[str, int]]
) -> None:
    held = con.execute(
        "select file, row_no from raw.quarantine where feed = ? and table_name = ?", [spec.feed, spec.table]
    ).fetchall()
    wrong = [f"{file}:{row}" for file, row in places if (file, row) not in set(held) or places.count((file, row)) > 1]
    if wrong:
        shown = ", ".join(wrong[:_SHOWN])
        raise MendedRowsRefused(
            f"{spec.feed}.{spec.table}/{name}",
            f"not in the quarantine, or given twice: {shown}",
            f"不在隔离区或重复给出：{shown}",
        )


def _land_again(
    con: duckdb.DuckDBPyConnection,
    spec: FeedSpec,
    header: Sequence[str],
    places: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
) -> None:
    where = f"{spec.feed}.{spec.table}"
    columns = headers.match(spec, where, header, 1)
    known = replace(columns, unknown={})  # the columns of our own export are no part of the row
    names = ", ".join(quoted(name) for name in ("file", "row_no", *spec.columns, "extra"))
    staging = Staging(con, spec)
    con.execute(f"insert into {TABLE} select {names} from raw.{quoted(spec.raw_table)}")
    for file in sorted({file for file, _ in places}):
        mine = [i for i, place in enumerate(places) if place[0] == file]
        chunk = of_rows([rows[i] for i in mine], [places[i][1] for i in mine], columns.width)
        staging.add(file, known, chunk)
    staging.flush()
    landing.finish(con, spec)
    con.execute(f"drop table {TABLE}")
    con.executemany(
        "delete from raw.quarantine where feed = ? and table_name = ? and file = ? and row_no = ?",
        [[spec.feed, spec.table, file, row] for file, row in places],
    )


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    found = con.execute(query).fetchone()
    return int(found[0]) if found else 0
