"""Landing: a table's delivery goes into ``raw`` as it came, under our column names, and nothing vanishes.

Rows stream into a staging table, file by file; then exact repeats collapse and every row gets its id, which depends on
what the row says and not on where it stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors import exchanged, headers, locate, no_entries, receipts
from connectors.chunks import Tally
from connectors.database import SqlTable
from connectors.delimited import RECORD_BYTES, TextFile
from connectors.errors import FeedError, FileUnreadable
from connectors.locate import Delivery, shown
from connectors.receipts import FileRead, Receipt, prepare
from connectors.specs import ExcelSource, FeedSpec, SqlSource, TextSource
from connectors.staging import TABLE, Staging, quoted
from connectors.workbook import Sheet

__all__ = ["RECORD_BYTES", "Progress", "Receipt", "land", "prepare"]

# (what is being read, how much of it so far, how much in all: bytes of files, 0 where unknown)
Progress = Callable[[str, int, int], None]
IDS_PER_TABLE = 10_000_000_000
_SHOWN = 5
_FIRST = r"regexp_replace(file, '\.[^.]*$', ''), file"  # 学籍(1).csv is a copy of 学籍.csv, and comes after it


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    files: list[FileRead] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    quarantined: int = 0


def land(
    con: duckdb.DuckDBPyConnection,
    spec: FeedSpec,
    delivery: Delivery,
    period: str,
    progress: Progress | None = None,
    *,
    record_bytes: int = RECORD_BYTES,
    is_missed: bool = True,
) -> Receipt:
    """Read a delivery into ``raw.<feed>_<table>`` and its receipt, quarantine and drift into the shared tables.

    A delivery that can't be landed leaves an empty table and a receipt that says why; it never raises for one. Where
    nothing came and nobody misses it, no receipt is kept.
    """
    prepare(con)
    receipts.forget(con, spec)
    if delivery.is_missing:
        receipt = _missing(spec, delivery, period)
    else:
        try:
            receipt = _landed(con, spec, delivery, period, progress, record_bytes)
        except FeedError as error:
            receipts.forget(con, spec)
            receipt = _refused(spec, delivery, period, error)
        finally:
            con.execute(f"drop table if exists {TABLE}")
    if receipt.status != "landed":
        create_empty(con, spec)
    if receipt.status != "missing" or is_missed:
        receipts.write(con, receipt)
    return receipt


def create_empty(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> None:
    """The table with all its columns and no row."""
    columns = ", ".join(f"{quoted(name)} varchar" for name in spec.columns)
    con.execute(
        f"create or replace table raw.{quoted(spec.raw_table)} "
        f"(entry_id bigint, file varchar, row_no integer, key varchar, {columns}, extra varchar)"
    )


def _landed(
    con: duckdb.DuckDBPyConnection,
    spec: FeedSpec,
    delivery: Delivery,
    period: str,
    progress: Progress | None,
    record_bytes: int,
) -> Receipt:
    if delivery.fault is not None:
        raise delivery.fault
    staging = Staging(con, spec)
    read = _Read(warnings=_about(delivery))
    total = sum(_size(spec, path) for path in delivery.files)
    done = 0
    for path in delivery.files or (None,):
        name = shown(path.name) if path is not None else None
        if delivery.listed is not None and path is not None and not isinstance(spec.source, TextSource):
            locate.verify(delivery, path, _sha256(spec, path))
        meter = _Meter(progress, name or spec.raw_table, done, total)
        _read_file(con, spec, delivery, path, staging, read, meter, record_bytes)
        done += _size(spec, path) if path is not None else 0
    staging.flush()
    staged = _count(con, f"select count(*) from {TABLE}")
    finish(con, spec)
    digest = _digest(con, spec) if isinstance(spec.source, SqlSource) else ""
    landed = _count(con, f"select count(*) from raw.{quoted(spec.raw_table)}")
    read.warnings += exchanged.check(con, spec)
    if not staged:
        read.warnings.append("表头之下没有数据行 / no rows below the header")
    if digest:
        read.files = [replace(file, sha256=digest) for file in read.files]
    receipts.write_files(con, spec, read.files)
    return _receipt(spec, delivery, period, read, staged, landed)


@dataclass(frozen=True, slots=True)
class _Meter:
    """Moves the progress bar: ``done`` bytes were read before this file."""

    progress: Progress | None
    name: str
    done: int
    total: int

    def __call__(self, position: int) -> None:
        if self.progress is not None:
            self.progress(self.name, self.done + position, self.total)


def _read_file(
    con: duckdb.DuckDBPyConnection,
    spec: FeedSpec,
    delivery: Delivery,
    path: Path | None,
    staging: Staging,
    read: _Read,
    meter: _Meter,
    record_bytes: int,
) -> None:
    name = shown(path.name) if path is not None else None
    where = f"{spec.feed}.{spec.table}" + (f"/{name}" if name else "")
    try:
        opened = _open(spec, where, delivery, path, record_bytes)
        if isinstance(opened, TextFile) and path is not None:
            locate.verify(delivery, path, opened.sha256)
        columns = headers.match(spec, where, opened.header, opened.header_row, opened.top)
        rows, quarantined, unnamed = 0, 0, set[str]()
        for delivered in opened.chunks():
            chunk = no_entries.set_aside(delivered, opened.header, columns, opened.encoding)
            rows += staging.add(shown(opened.name), columns, chunk)
            quarantined += len(chunk.rejects)
            receipts.write_rejects(con, spec, shown(opened.name), list(chunk.rejects))
            unnamed |= {n for n, at in columns.unknown.items() if chunk.cells[at].null_count < len(chunk.cells[at])}
            meter(chunk.position)
    except OSError as error:
        raise FileUnreadable(where, error.strerror or type(error).__name__) from None
    unknown = [n for n, at in columns.unknown.items() if opened.header[at].strip() or n in unnamed]
    absent = [column.sources[0] for name, column in spec.columns.items() if name not in columns.at]
    receipts.write_drift(con, spec, shown(opened.name), unknown, "unknown_column")
    receipts.write_drift(con, spec, shown(opened.name), absent, "absent_column")
    read.quarantined += quarantined
    read.files.append(FileRead(shown(opened.name), opened.size, opened.sha256, opened.encoding, rows + quarantined))
    read.warnings += _about_file(opened, unknown, quarantined)


def _open(
    spec: FeedSpec, where: str, delivery: Delivery, path: Path | None, record_bytes: int
) -> TextFile | Sheet | SqlTable:
    source = spec.source
    if isinstance(source, SqlSource):
        return SqlTable(where, source, delivery.url, path)
    assert path is not None
    if isinstance(source, ExcelSource):
        return Sheet(path, source, where)
    return TextFile(
        path,
        source,
        where,
        lambda cells: headers.names_known(spec, cells),
        lambda header: headers.match(spec, where, header, source.header_row).layout(spec, source.separator),
        record_bytes,
    )


def finish(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> None:
    """Make the landed table from the staging table: repeats collapsed, ids by content."""
    key = " || '|' || ".join(f"coalesce({quoted(name)}, '')" for name in spec.key)
    cells = ", ".join(quoted(name) for name in (*spec.columns, "extra"))
    # what a row says is looked at only where its key is not its own: rows that say the same have the same key;
    # md5 of the cells makes the order; DuckDB's own hash, of cells apart, makes two rows that only look alike differ
    con.execute(
        f"""create or replace temp table landing_place as
        with keyed as (select rowid as place, {key} as key from {TABLE}),
        counted as materialized (select key, count(*) as rows, min(place) as place from keyed group by key),
        alike as (
            select place, key, {_said(spec)} as said, hash({cells}) as apart, landing.file, landing.row_no
            from keyed join {TABLE} on landing.rowid = keyed.place
            semi join (select key from counted where rows > 1) as several using (key)
        ), once as (
            select place, key, said, apart from alike
            qualify row_number() over (partition by said, apart order by {_FIRST}, row_no) = 1
            union all
            select place, key, null, null from counted where rows = 1
        )
        select place, key, row_number() over (order by key, said, apart) as rank from once"""
    )
    # not ordered by entry_id: sorting wide rows of text costs more than anything that reads them would gain
    con.execute(
        f"""create or replace table raw.{quoted(spec.raw_table)} as
        select {spec.ordinal} * {IDS_PER_TABLE} + rank as entry_id, file, row_no, key, {cells}
        from {TABLE} join temp.landing_place on landing.rowid = landing_place.place"""
    )
    con.execute("drop table temp.landing_place")


def _said(spec: FeedSpec) -> str:
    """SQL for a digest of all that a row says."""
    text = ", ".join(f"coalesce({quoted(name)}, '')" for name in (*spec.columns, "extra"))
    return f"md5(concat_ws(chr(31), {text}))"


def _digest(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> str:
    """A digest of a landed table, the same whatever order the database gave the rows in."""
    found = con.execute(
        f"select sha256(string_agg({_said(spec)}, '' order by entry_id)) from raw.{quoted(spec.raw_table)}"
    ).fetchone()
    return str(found[0] or "") if found else ""


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    found = con.execute(query).fetchone()
    return int(found[0]) if found else 0


def _size(spec: FeedSpec, path: Path) -> int:
    """Bytes, for the progress bar; a workbook's and a database's readers count rows instead."""
    return path.stat().st_size if isinstance(spec.source, TextSource) and path.is_file() else 0


def _sha256(spec: FeedSpec, path: Path) -> str:
    try:
        return locate.sha256(path)
    except OSError as error:
        where = f"{spec.feed}.{spec.table}/{shown(path.name)}"
        raise FileUnreadable(where, error.strerror or type(error).__name__) from None


def _about(delivery: Delivery) -> list[str]:
    """Warnings about the folder."""
    found = []
    if delivery.others:
        names = ", ".join(shown(name) for name in delivery.others)
        found.append(f"文件夹中另有未读取的文件：{names} / other files in the folder, not read: {names}")
    if delivery.unlisted:
        names = ", ".join(shown(name) for name in delivery.unlisted)
        found.append(f"清单未列出但已读取：{names} / read though the manifest does not list them: {names}")
    return found


def _about_file(opened: TextFile | Sheet | SqlTable, unknown: Sequence[str], quarantined: int) -> list[str]:
    """Warnings about one file."""
    name = shown(opened.name)
    found = []
    if isinstance(opened, TextFile) and not opened.verdict.is_as_declared:
        was, wanted = opened.verdict.encoding, opened.verdict.declared
        found.append(f"{name}：编码约定为 {wanted}，实际按 {was} 读取 / declared {wanted}, read as {was}")
    if unknown:
        names = ", ".join(unknown)
        found.append(f"{name}：未知列已保留：{names} / unknown columns kept: {names}")
    if quarantined:
        found.append(f"{name}：{quarantined} 行无法读取，已隔离 / {quarantined} rows in quarantine")
    return found + _about_rows(name, opened.tally)


def _about_rows(name: str, tally: Tally) -> list[str]:
    found = []
    if rows := tally.repaired:
        found.append(f"{name}：{len(rows)} 行按唯一读法修复{_some(rows)} / {len(rows)} rows repaired, one reading only")
    if rows := tally.without_nul:
        found.append(f"{name}：{len(rows)} 行去掉了空字节{_some(rows)} / NUL bytes dropped from {len(rows)} rows")
    return found


def _some(rows: Sequence[int]) -> str:
    first = "、".join(str(row) for row in rows[:_SHOWN])
    return f"（第 {first} 行{'等' if len(rows) > _SHOWN else ''}）"


def _received_at(delivery: Delivery) -> datetime:
    """When the files came, which stays the same when a run is repeated; for a server, now."""
    times = [path.stat().st_mtime for path in delivery.files if path.exists()]
    moment = datetime.fromtimestamp(max(times), UTC) if times else datetime.now(UTC)
    return moment.replace(tzinfo=None)


def _receipt(spec: FeedSpec, delivery: Delivery, period: str, read: _Read, staged: int, landed: int) -> Receipt:
    receipt = Receipt(
        feed=spec.feed,
        table=spec.table,
        period=period,
        status="landed",
        file_names=tuple(file.name for file in read.files),
        bytes=sum(file.bytes for file in read.files),
        sha256=hashlib.sha256("".join(f"{file.sha256}  {file.name}\n" for file in read.files).encode()).hexdigest(),
        encodings=tuple(sorted({file.encoding for file in read.files if file.encoding})),
        rows_read=staged + read.quarantined,
        rows_landed=landed,
        rows_repeated=staged - landed,
        rows_quarantined=read.quarantined,
        warnings=tuple(read.warnings),
        received_at=_received_at(delivery),
    )
    return told(receipt)


def told(receipt: Receipt) -> Receipt:
    """The receipt with its figures said in words."""
    where = f"{receipt.feed}.{receipt.table}"
    read, landed, repeated = receipt.rows_read, receipt.rows_landed, receipt.rows_repeated
    aside = receipt.rows_quarantined
    return replace(
        receipt,
        message=f"{where}: {read} rows read = {landed} landed + {repeated} repeated + {aside} in quarantine",
        message_zh=f"{where}：读到 {read} 行 = 入库 {landed} + 重复 {repeated} + 隔离 {aside}",
    )


def _refused(spec: FeedSpec, delivery: Delivery, period: str, error: FeedError) -> Receipt:
    return Receipt(
        spec.feed,
        spec.table,
        period,
        "refused",
        file_names=tuple(shown(path.name) for path in delivery.files),
        bytes=sum(path.stat().st_size for path in delivery.files if path.is_file()),
        warnings=tuple(_about(delivery)),
        message=str(error),
        message_zh=error.zh,
        received_at=_received_at(delivery),
    )


def _missing(spec: FeedSpec, delivery: Delivery, period: str) -> Receipt:
    where, pattern = f"{spec.feed}.{spec.table}", spec.source.files
    place = f"{period}/{spec.feed}/{pattern}"
    return Receipt(
        spec.feed,
        spec.table,
        period,
        "missing",
        warnings=tuple(_about(delivery)),
        message=f"{where}: nothing came. Looked for {place} in the inbox. The run goes on without it; "
        "land it when it comes and run again.",
        message_zh=f"{where}：未收到。在收件箱中找过 {place}。本次运行不含该表；收到后放入该文件夹重新运行。",
        received_at=_received_at(delivery),
    )
