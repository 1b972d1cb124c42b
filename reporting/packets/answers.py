"""What the recipient of a packet answers about each child, as a clerk fills it in."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from policy import divisions
from reporting.packets.errors import ReplyFaulty
from warehouse.stores.packets import Answer

NUMBER = "包裹编号"
ANSWER, DIVISION, REASON = "答复", "正确户籍区划", "原因"
CORRECTED = "户籍在别处，见区划"
ANSWERS = {"户籍在本县": "confirmed", "户籍不在本县": "denied", CORRECTED: "corrected"}
REASONS = {"查无此人": "not_found", "已迁出": "moved_out", "与他人混淆": "mixed_up", "其他": "other"}
TOKEN = "回执编码"  # noqa: S105  (a column's title)
_DIGITS = frozenset("0123456789")


def read(file: Path) -> tuple[str, list[Answer]]:
    """The packet's number and the answers filled in, rows without one left out.

    Raises :class:`ReplyFaulty` with the sheet's row numbers; no row is taken where one is faulty.
    """
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        cover, rows = list(book["封面"].values), list(book["名单"].values)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        raise ReplyFaulty(
            file.name, ["不是打开数据包时生成的工作簿 not the workbook made when the packet was opened"]
        ) from None
    number = next((str(row[1]) for row in cover if len(row) > 1 and row[0] == NUMBER), None)
    header = [_text(cell) for cell in rows[0]] if rows else []
    wanted = (TOKEN, ANSWER, DIVISION, REASON)
    if number is None or any(title not in header for title in wanted):
        raise ReplyFaulty(
            file.name, [f"缺少 {NUMBER} 或列 {'、'.join(wanted)} is missing; use the workbook as it was made"]
        )
    at = [header.index(title) for title in wanted]
    faults: list[str] = []
    said = list(_answers(rows[1:], at, faults))
    if faults:
        raise ReplyFaulty(file.name, faults)
    return number, said


def _answers(rows: Sequence[tuple[object, ...]], at: Sequence[int], faults: list[str]) -> Iterator[Answer]:
    """The rows that hold an answer; what is wrong with one goes into ``faults``."""
    for row_no, row in enumerate(rows, 2):
        token, answer, division, reason = (_text(row[column]) if column < len(row) else "" for column in at)
        if not (answer or division or reason):
            continue
        if answer not in ANSWERS:
            faults.append(f"第 {row_no} 行“{ANSWER}”应为 {'、'.join(ANSWERS)} 之一")
        elif reason and reason not in REASONS:
            faults.append(f"第 {row_no} 行“{REASON}”应为 {'、'.join(REASONS)} 之一")
        elif (ANSWERS[answer] == "corrected") != bool(division):
            faults.append(f"第 {row_no} 行：选“{CORRECTED}”时填“{DIVISION}”，选其他时不填")
        elif division and not _is_division(division):
            faults.append(f"第 {row_no} 行“{DIVISION}”不是县级以下的区划代码")
        else:
            yield Answer(token, ANSWERS[answer], division or None, REASONS.get(reason))


def _is_division(code: str) -> bool:
    """Whether the code, of six to twelve digits, means county units of today."""
    is_code = len(code) in (6, 9, 12) and set(code) <= _DIGITS
    return is_code and bool(divisions.load().resolve(code, date.today()).codes)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
