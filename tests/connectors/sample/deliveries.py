"""Reads sample deliveries and truth in the plainest way, for the tests only."""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import python_calamine

Row = dict[str, str]

NAME = {
    "education.enrolment": "姓名",
    "public_security.residence": "XM",
    "public_security.hukou": "XM",
    "health.child_health": "儿童姓名",
    "medical_insurance.enrolment": "姓名",
}
NUMBER = {
    "education.enrolment": "身份证件号",
    "public_security.residence": "GMSFHM",
    "public_security.hukou": "GMSFHM",
    "health.child_health": "身份证号",
    "medical_insurance.enrolment": "证件号码",
}
BORN = {
    "education.enrolment": "出生日期",
    "public_security.residence": "CSRQ",
    "public_security.hukou": "CSRQ",
    "health.child_health": "出生日期",
    "medical_insurance.enrolment": "出生日期",
}


@dataclass(frozen=True)
class Delivered:
    """One delivered row: where it stands and its cells."""

    file: str
    row: int
    cells: Row


def decoded(path: Path, declared: str) -> str:
    """Decode a text file as declared, or as the other encoding where the whole file was swapped."""
    raw = path.read_bytes()
    for encoding in (declared, "utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(declared, errors="replace")


def text_rows(path: Path, declared: str, separator: str) -> list[Delivered]:
    """Read the rows of delimited text that have as many fields as the header."""
    text = decoded(path, declared).replace("\x00", "")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        quotechar=None if separator == "|" else '"',
        quoting=csv.QUOTE_NONE if separator == "|" else csv.QUOTE_MINIMAL,
    )
    header = next(reader)
    found, line = [], reader.line_num
    for fields in reader:
        if len(fields) == len(header):
            found.append(Delivered(path.name, line + 1, dict(zip(header, fields, strict=True))))
        line = reader.line_num
    return found


def sheet_rows(path: Path, sheet: str | int, header_row: int) -> list[Delivered]:
    """Read a sheet below its header."""
    book = python_calamine.load_workbook(str(path))
    found = book.get_sheet_by_name(sheet) if isinstance(sheet, str) else book.get_sheet_by_index(sheet)
    rows = found.to_python(skip_empty_area=False)
    header = [str(cell) for cell in rows[header_row - 1]]
    return [
        Delivered(path.name, number, {column: str(cell) for column, cell in zip(header, row, strict=True)})
        for number, row in enumerate(rows[header_row:], start=header_row + 1)
    ]


def database_rows(path: Path, table: str) -> list[Delivered]:
    """Read a table in the order in which it was filled."""
    connection = sqlite3.connect(path)
    cursor = connection.execute(f"select rowid, * from {table} order by rowid")
    columns = [column[0] for column in cursor.description]
    found = [
        Delivered(path.name, record[0], {c: v or "" for c, v in zip(columns[1:], record[1:], strict=True)})
        for record in cursor
    ]
    connection.close()
    return found


def table_rows(out: Path, period: str, table: str) -> list[Delivered]:
    """Read all rows of one delivered table."""
    inbox = out / "inbox" / period
    match table:
        case "education.enrolment":
            paths = sorted((inbox / "education").glob("学籍_*.csv"))
            return [row for path in paths for row in text_rows(path, "gb18030", ",")]
        case "health.child_health":
            paths = sorted((inbox / "health").glob("儿童健康档案_*.csv"))
            return [row for path in paths for row in text_rows(path, "utf-8-sig", ",")]
        case "medical_insurance.enrolment":
            paths = sorted((inbox / "medical_insurance").glob("参保_*.txt"))
            return [row for path in paths for row in text_rows(path, "gb18030", "|")]
        case "civil_affairs.welfare":
            paths = sorted((inbox / "civil_affairs").glob("保障名单*.csv"))
            return [row for path in paths for row in text_rows(path, "utf-8", ",")]
        case "medical_insurance.high_cost_alert":
            return sheet_rows(next((inbox / "medical_insurance").glob("高额费用预警*.xlsx")), "预警", 1)
        case "disabled_federation.rehabilitation":
            return sheet_rows(next((inbox / "disabled_federation").glob("残疾儿童康复*.xlsx")), 0, 2)
        case "civil_affairs.field_visit":
            return sheet_rows(next((inbox / "civil_affairs").glob("入户登记*.xlsx")), "入户登记", 1)
        case "public_security.residence":
            return database_rows(inbox / "public_security" / "public_security.db", "JZDJ")
        case "public_security.hukou":
            return database_rows(inbox / "public_security" / "public_security.db", "CZRK")
    raise ValueError(f"no delivered table is called {table}")


def truth_rows(out: Path, kind: str, period: str) -> list[Row]:
    """Read ``links`` or ``children`` of the truth."""
    with (out / "truth" / f"{kind}_{period}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def children_of(out: Path, period: str, table: str) -> dict[tuple[str, int], str]:
    """Return whose each row is: (file, row) → child, empty for an adult's."""
    feed, _, name = table.partition(".")
    return {
        (row["file"], int(row["row"])): row["child"]
        for row in truth_rows(out, "links", period)
        if row["feed"] == feed and row["table"] == name
    }
