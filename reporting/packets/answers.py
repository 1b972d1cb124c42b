"""What the recipient of a packet answers about each child, as a clerk fills it in."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from policy import divisions
from reporting.packets.errors import ReplyFaulty
from warehouse.stores.packets import Answer

NUMBER = "包裹编号"
TOKEN = "回执编码"  # noqa: S105  (a column's title)
ANSWER, DIVISION, REASON = "答复", "正确户籍区划", "原因"
CORRECTED = "户籍在别处，见区划"
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each child: words to choose from, with ours; ``columns`` that are filled in."""

    answers: Mapping[str, str]
    reasons: Mapping[str, str]
    columns: tuple[str, ...]


ASKED = {
    "hukou": Asked(
        {"户籍在本县": "confirmed", "户籍不在本县": "denied", CORRECTED: "corrected"},
        {"查无此人": "not_found", "已迁出": "moved_out", "与他人混淆": "mixed_up", "其他": "other"},
        (ANSWER, DIVISION, REASON),
    ),
    "claims": Asked(
        {"已受理": "accepted", "已纳入保障": "granted", "不符合条件": "refused"},
        {"查无此人": "not_found", "已迁出": "moved_out", "材料不齐": "incomplete", "其他": "other"},
        (ANSWER, REASON),
    ),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A workbook that a clerk filled in: the packet's number, and its list as it stands."""

    file: str
    number: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def load(file: Path) -> Filled:
    """Read the workbook; one that wasn't made when a packet was opened raises :class:`ReplyFaulty`."""
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        cover, rows = list(book["封面"].values), list(book["名单"].values)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        raise ReplyFaulty(
            file.name, ["不是打开数据包时生成的工作簿 not the workbook made when the packet was opened"]
        ) from None
    number = next((str(row[1]) for row in cover if len(row) > 1 and row[0] == NUMBER), None)
    if number is None or not rows:
        raise ReplyFaulty(file.name, [f"缺少 {NUMBER} 或表头 is missing; use the workbook as it was made"])
    return Filled(file.name, number, tuple(_text(cell) for cell in rows[0]), tuple(rows[1:]))


def read(filled: Filled, asked: Asked) -> list[Answer]:
    """The answers filled in, rows without one left out.

    Raises :class:`ReplyFaulty` with the sheet's row numbers; no row is taken where one is faulty.
    """
    wanted = (TOKEN, *asked.columns)
    if any(title not in filled.header for title in wanted):
        raise ReplyFaulty(filled.file, [f"缺少列 {'、'.join(wanted)} is missing; use the workbook as it was made"])
    at = {title: filled.header.index(title) for title in wanted}
    faults: list[str] = []
    said = list(_answers(filled.rows, at, asked, faults))
    if faults:
        raise ReplyFaulty(filled.file, faults)
    return said


def _answers(
    rows: Sequence[tuple[object, ...]], at: Mapping[str, int], asked: Asked, faults: list[str]
) -> Iterator[Answer]:
    """The rows that hold an answer; what is wrong with one goes into ``faults``."""
    for row_no, row in enumerate(rows, 2):
        cells = {title: _text(row[column]) if column < len(row) else "" for title, column in at.items()}
        answer, division, reason = cells[ANSWER], cells.get(DIVISION, ""), cells[REASON]
        if not (answer or division or reason):
            continue
        if answer not in asked.answers:
            faults.append(f"第 {row_no} 行“{ANSWER}”应为 {'、'.join(asked.answers)} 之一")
        elif reason and reason not in asked.reasons:
            faults.append(f"第 {row_no} 行“{REASON}”应为 {'、'.join(asked.reasons)} 之一")
        elif (answer == CORRECTED) != bool(division):
            faults.append(f"第 {row_no} 行：选“{CORRECTED}”时填“{DIVISION}”，选其他时不填")
        elif division and not _is_division(division):
            faults.append(f"第 {row_no} 行“{DIVISION}”不是县级以下的区划代码")
        else:
            yield Answer(cells[TOKEN], asked.answers[answer], division or None, asked.reasons.get(reason))


def _is_division(code: str) -> bool:
    """Whether the code, of six to twelve digits, means county units of today."""
    is_code = len(code) in (6, 9, 12) and set(code) <= _DIGITS
    return is_code and bool(divisions.load().resolve(code, date.today()).codes)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
