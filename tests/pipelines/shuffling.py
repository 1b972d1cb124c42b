"""An inbox with the rows of every file in another order, and every text cut in two files."""

import csv
import io
import random
import re
import sqlite3
import zipfile
from pathlib import Path

from connectors import specs
from connectors.specs import ExcelSource, FeedSpec, SqlSource, TextSource

_ROW = re.compile(r'<row r="(\d+)".*?</row>', re.DOTALL)


def shuffle(source: Path, target: Path, order: random.Random) -> dict[str, bool]:
    """Copy an inbox shuffled, without its manifests, which no longer hold; say of each file whether it changed."""
    changed = {}
    feeds = specs.load()
    for file in sorted(source.rglob("*")):
        found = [spec for spec in feeds.values() if spec.feed == file.parent.name and file.match(spec.source.files)]
        if not file.is_file() or not found:
            continue
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        for spec in found:
            _shuffle(copy, spec, order)
        changed[file.name] = copy.read_bytes() != file.read_bytes()
    return changed


def _shuffle(file: Path, spec: FeedSpec, order: random.Random) -> None:
    match spec.source:
        case TextSource() as source:
            _text(file, source, order)
        case ExcelSource() as source:
            _workbook(file, source, order)
        case SqlSource() as source:
            _database(file, source, order)


def _database(file: Path, source: SqlSource, order: random.Random) -> None:
    with sqlite3.connect(file) as connection:
        rows = connection.execute(f"select * from {source.table}").fetchall()
        order.shuffle(rows)
        connection.execute(f"delete from {source.table}")
        connection.executemany(f"insert into {source.table} values ({','.join('?' * len(rows[0]))})", rows)


def _workbook(file: Path, source: ExcelSource, order: random.Random) -> None:
    """Put the rows of the sheet into other places, each cell as it was."""
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[sheet].decode()
    found = list(_ROW.finditer(text))[source.header_row :]
    rows = [row.group() for row in found]
    order.shuffle(rows)
    placed = [_at(row, int(place.group(1))) for row, place in zip(rows, found, strict=True)]
    if found:
        text = text[: found[0].start()] + "".join(placed) + text[found[-1].end() :]
    parts[sheet] = text.encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _at(row: str, number: int) -> str:
    return re.sub(r'( r="[A-Z]*)\d+"', rf'\g<1>{number}"', row)


def _text(file: Path, source: TextSource, order: random.Random) -> None:
    """Move whole records, quoted line breaks and undecodable bytes included; a last line cut short stays the last."""
    content = file.read_bytes()
    encoding = _encoding(content, source.encoding)
    text = content.decode(encoding, "surrogateescape")
    header, *records = _records(text, source.separator)
    cut = [] if records[-1].endswith("\n") else [records.pop()]
    order.shuffle(records)
    half = len(records) // 2
    file.write_bytes("".join([header, *records[:half]]).encode(encoding, "surrogateescape"))
    second = file.with_name(f"{file.stem}_2{file.suffix}")
    second.write_bytes("".join([header, *records[half:], *cut]).encode(encoding, "surrogateescape"))


def _records(text: str, separator: str) -> list[str]:
    """Each record with all its lines."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(lines), delimiter=separator)
    ends = [reader.line_num for _ in reader]
    records = ["".join(lines[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    assert "".join(records) == text
    return records


def _encoding(content: bytes, declared: str) -> str:
    """The declared encoding, else the one that decodes all, else the declared one whatever it cannot decode."""
    for encoding in (declared, "gb18030", "utf-8"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding.removesuffix("-sig")
    return declared.removesuffix("-sig")
