"""Deliveries for tests: one factory fills in every cell that the case isn't about. All people are invented."""

import hashlib
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import xlsxwriter

from connectors import landing, locate, specs

PERIOD = "2026H1"
SPECS = specs.load()
WELFARE = SPECS["civil_affairs", "welfare"]
INSURANCE = SPECS["medical_insurance", "enrolment"]
ENROLMENT = SPECS["education", "enrolment"]
HEALTH = SPECS["health", "child_health"]
RESIDENCE = SPECS["public_security", "residence"]
VISIT = SPECS["civil_affairs", "field_visit"]
REHABILITATION = SPECS["disabled_federation", "rehabilitation"]

_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = "梓浩子欣雨思佳俊宇诗"


def cell(name, column, i):
    """A sound value of a column's type for the i-th row."""
    kind = column.type
    if column.words:
        words = list(column.words)
        return words[i % min(2, len(words))]
    plain = {
        "name": _SURNAMES[i % 10] + _GIVEN[i // 10 % 10] + _GIVEN[i // 100 % 10],
        "citizen_no": f"4290062015{1 + i % 9:02d}{1 + i % 28:02d}{i % 10000:04d}",
        "key_number": f"G{100000 + i}",
        "document_kind": "居民身份证",
        "date": f"2015{1 + i % 9:02d}{10 + i % 18:02d}",
        "month": "202109",
        "division": "429006",
        "phone": f"139{i:08d}",
        "address": f"竟陵街道东湖路{i}号",
        "money": f"{100 + i}.50",
        "integer": str(i),
    }
    return plain.get(kind, "说明")


def header(spec):
    return [column.sources[0] for column in spec.columns.values()]


def row(spec, i=0, **cells):
    """The i-th row; ``cells`` are by our column names."""
    return [cells.get(name, cell(name, column, i)) for name, column in spec.columns.items()]


def rows(spec, count):
    return [row(spec, i) for i in range(count)]


def text_of(spec, table, columns=None):
    """Plain lines, no quoting: header and rows."""
    separator = spec.source.separator
    return "".join(separator.join(cells) + "\n" for cells in [columns or header(spec), *table])


def folder(inbox, spec):
    path = Path(inbox) / PERIOD / spec.feed
    path.mkdir(parents=True, exist_ok=True)
    return path


def file_name(spec, place="429006"):
    return spec.source.files.replace("*", place)


def put(inbox, spec, content, name=None, encoding=None):
    """Lay a text delivery into the inbox; ``content`` is bytes or text."""
    path = folder(inbox, spec) / (name or file_name(spec))
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding or spec.source.encoding))
    return path


def put_rows(inbox, spec, table, columns=None, name=None, encoding=None):
    return put(inbox, spec, text_of(spec, table, columns), name, encoding)


def put_workbook(inbox, spec, table, columns=None, sheet=None, top=None, name=None):
    """A workbook with title rows above the header as the spec says; cells may be numbers and dates."""
    path = folder(inbox, spec) / (name or file_name(spec))
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet or spec.source.sheet or "Sheet1")
    above = [["残疾儿童康复救助登记表"]] * (spec.source.header_row - 1) if top is None else top
    for i, cells in enumerate([*above, columns or header(spec), *table]):
        for j, value in enumerate(cells):
            page.write_string(i, j, value) if isinstance(value, str) else page.write(i, j, value)
    book.close()
    return path


def put_database(inbox, spec, table, columns=None, name=None):
    path = folder(inbox, spec) / (name or spec.source.database)
    names = ", ".join(f'"{column}"' for column in columns or header(spec))
    with sqlite3.connect(path) as con:
        con.execute(f"create table {spec.source.table} ({names})")
        con.executemany(f"insert into {spec.source.table} values ({', '.join('?' * len(table[0]))})", table)
    con.close()
    return path


def put_manifest(inbox, spec, digests):
    lines = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    (folder(inbox, spec) / locate.MANIFEST).write_text(lines, encoding="utf-8")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rezipped(path, change):
    """Pack a workbook anew with its parts changed by ``change(name, bytes)``."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


class Landed:
    """A landing and the connection that holds it."""

    def __init__(self, inbox, spec, con=None, url=None, **options):
        self.con = con or duckdb.connect()
        self.spec = spec
        self.receipt = landing.land(self.con, spec, locate.locate(spec, Path(inbox), PERIOD, url), PERIOD, **options)

    def column(self, name):
        return [value for (value,) in self.con.execute(f'select "{name}" from {self.table} order by row_no').fetchall()]

    def places(self):
        return self.con.execute(f"select file, row_no from {self.table} order by all").fetchall()

    @property
    def table(self):
        return f"raw.{self.spec.raw_table}"

    @property
    def quarantine(self):
        return self.con.execute(
            "select file, row_no, reason, detail, bytes from raw.quarantine order by all"
        ).fetchall()

    @property
    def drift(self):
        return self.con.execute("select file, column_name, kind from raw.drift order by all").fetchall()
