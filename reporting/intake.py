"""The form for those who ask for help themselves (主动求助): an empty workbook that is read as a delivery of visits.

Its sheet and headings are those of the feed ``civil_affairs.field_visit`` as the site has it, so that the filled form
lands without anybody retyping it. Lists to choose from keep clerks to the words that the feed decodes. A page to
copy asks one child's fields on paper, where there is no computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from reporting import sheets
from reporting.sheets import Book

_REQUIRED = ("visit_no", "name", "visited_on", "asked_for_help")
_WIDTHS = {"name": 10, "date": 12, "citizen_no": 21, "address": 32, "division": 14, "text": 28, "phone": 14}
_HINTS = {
    "visit_no": "每次登记一个编号，不重复，如 QZ429006-20260630-001",
    "citizen_no": "18 位身份证号；没有证件的留空",
    "hukou_division_code": "填到乡镇（街道），9 位或 12 位区划代码：只要跨乡镇（街道）即可登记",
    "residence_division_code": "填到乡镇（街道），9 位或 12 位区划代码：只要跨乡镇（街道）即可登记",
    "residence_since": "从哪一天起住在这里",
    "emergency_division_code": "遭遇突发性、紧迫性困难的，填事情发生地的区划代码：临时救助由急难发生地办理；没有的留空",
    "asked_for_help": "本表登记主动提出求助的儿童，每人都填“是”",
    "visited_on": "提出求助的日期",
    "visitor": "登记人",
    "needs": "需要什么帮助；不写姓名、号码",
    "problems": "发现的问题；不写姓名、号码",
}
_TITLE = "主动求助儿童登记表"
_FOOTER = f"{_TITLE} · 机密个人信息，填写后专人保管，录入后按档案规定保存或销毁"
_SCALE, _ACROSS = 75, 140  # percent, and the characters that a page of A4 across then holds
_LABEL, _BOX = 17, 29  # characters on the page of one child; two of each in a line
_LINES = {"address": 1, "text": 3}  # fields that take a line of the page alone, and how tall
_HELP = (
    "谁可以登记：主动提出救助帮扶需求、离开户籍所在乡镇（街道）的儿童，不要求跨县。",
    "一行一名儿童，一次求助一行；黄色列必填。",
    "户籍地、居住地区划填到乡镇（街道）：9 位或 12 位代码，否则判断不了是否跨乡镇。",
    "有下拉列表的列请从列表中选择；日期写 2026-06-30。",
    "“发现问题”“需求”“解决情况”中不要写姓名、身份证号、电话。",
    "填好后不改工作表名称和表头，文件名以“入户登记”开头，放入收件目录本期的 civil_affairs 文件夹，下次运行时读入。",
    "没有电脑的，复印“纸质表”，一名儿童一页，每次登记一个编号；收回后由经办人录入本表，区划按名称查代码。",
    "试读：childindex feed check 本文件 --table civil_affairs.field_visit",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the form: our name, the heading, the feed's type and the words that may be chosen."""

    name: str
    header: str
    type: str
    choices: tuple[str, ...] = ()


def choices(words: Mapping[str, str]) -> tuple[str, ...]:
    """Of a department's words the first for each meaning: 是 and 否, not 1, Y and 有."""
    return tuple({meaning: word for word, meaning in reversed(list(words.items()))}.values())[::-1]


def write(out: Path, sheet_name: str, fields: Sequence[Field], rows: int) -> None:
    """Write the empty form with lists and checks for so many rows. No cell below the headings holds anything."""
    with sheets.book(out) as book:
        _write_form(book, sheet_name, fields, rows)
        _write_page(book, fields)
        sheet = book.sheet("填写说明", _FOOTER, landscape=False)
        sheet.set_column(0, 0, 70)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, f"{_TITLE}：填写说明", book.title)
        for at, line in enumerate(_HELP, 1):
            sheet.set_row(at, 34 if sheets.width(line) > 62 else 18)
            sheet.write_string(at, 0, f"{at}. {line}", book.words)


def _write_form(book: Book, sheet_name: str, fields: Sequence[Field], rows: int) -> None:
    sheet = book.sheet(sheet_name, _FOOTER)
    text, day = book.book.add_format({"num_format": "@"}), book.book.add_format({"num_format": "yyyy-mm-dd"})
    widths = [max(_WIDTHS.get(field.type, 10), 2 * len(field.header) + 2) for field in fields]
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, widths[column], day if field.type == "date" else text)
        sheet.write_string(0, column, field.header, book.to_fill if field.name in _REQUIRED else book.heading)
        check = {**_check(field, xl_col_to_name(column)), **_hint(field)}
        sheet.data_validation(1, column, rows, column, check)
    _mark_missing(book.book, sheet, fields, rows)
    sheet.freeze_panes(1, 2)
    sheet.hide_gridlines(0)  # on paper too: rows have no borders
    sheet.set_print_scale(_SCALE)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)  # number and name stand on every page
    sheet.set_v_pagebreaks(_breaks(widths))


def _breaks(widths: Sequence[float]) -> list[int]:
    """Columns before which a new page begins, so that none is cut; the first two stand on every page."""
    breaks, used = [], sum(widths[:2])
    for column, width in enumerate(widths[2:], 2):
        if used + width > _ACROSS:
            breaks.append(column)
            used = sum(widths[:2])
        used += width
    return breaks


def _write_page(book: Book, fields: Sequence[Field]) -> None:
    """One child's fields on one page of A4, to be copied and filled in by hand: what may be chosen is ticked."""
    sheet = book.sheet("纸质表", _FOOTER, landscape=False)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    for column, width in enumerate((_LABEL, _BOX, _LABEL, _BOX)):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 3, _TITLE, book.centred)
    sheet.merge_range(1, 0, 1, 3, "一名儿童一页；黄色必填，选项打“√”；区划写到县（市、区）、乡镇（街道）", book.note)
    at, column = 2, 0
    for field in fields:
        ticks = _ticks(field)
        is_alone = field.type in _LINES or sheets.width(ticks) > _BOX - 2
        if is_alone and column:
            _box(book, sheet, at, column, 3, "", "")
            at, column = at + 1, 0
        sheet.set_row(at, 32 * _LINES.get(field.type, 1))
        _box(book, sheet, at, column, 3 if is_alone else column + 1, field.header, ticks, field.name in _REQUIRED)
        at, column = (at, 2) if not (is_alone or column) else (at + 1, 0)
    if column:
        _box(book, sheet, at, column, 3, "", "")


def _box(book: Book, sheet: Any, at: int, column: int, last: int, label: str, words: str, needed: bool = False) -> None:
    sheet.write_string(at, column, label, book.to_fill if needed else book.heading)
    if last > column + 1:
        sheet.merge_range(at, column + 1, at, last, words, book.text)
    else:
        sheet.write_string(at, column + 1, words, book.text)


def _ticks(field: Field) -> str:
    if field.name == "asked_for_help":
        return f"□{field.choices[0]}"
    if field.type == "date":
        return "　　　年　　月　　日"
    return "  ".join(f"□{word}" for word in field.choices)


def _check(field: Field, letter: str) -> dict[str, object]:
    """What Excel lets into a column; ``warning`` where a clerk may insist."""
    if field.name == "asked_for_help":
        return {"validate": "list", "source": [field.choices[0]], "error_message": f"本表每人都填“{field.choices[0]}”"}
    if field.choices:
        return {"validate": "list", "source": list(field.choices), "error_message": "请从列表中选择"}
    if field.name == "visit_no":
        rule = f"=COUNTIF({letter}:{letter},{letter}2)=1"
        return {"validate": "custom", "value": rule, "error_message": "编号重复：每次登记用一个新编号"}
    if field.type == "citizen_no":
        rule = f"=OR(LEN({letter}2)=18,LEN({letter}2)=15)"
        return {"validate": "custom", "value": rule, "error_type": "warning", "error_message": "不是 18 位，确定吗？"}
    if field.name == "emergency_division_code":  # relief is a county's: six digits will do
        rule = f"=OR(LEN({letter}2)=6,LEN({letter}2)=9,LEN({letter}2)=12)"
        return {"validate": "custom", "value": rule, "error_type": "warning", "error_message": "应为 6、9 或 12 位代码"}
    if field.type == "division":
        rule = f"=OR(LEN({letter}2)=9,LEN({letter}2)=12)"
        return {
            **{"validate": "custom", "value": rule, "error_type": "warning"},
            "error_message": "不是 9 位或 12 位：判断不了是否跨乡镇，确定吗？",
        }
    return {"validate": "any"}


def _hint(field: Field) -> dict[str, object]:
    hint = _HINTS.get(field.name)
    return {"input_title": field.header, "input_message": hint} if hint else {}


def _mark_missing(book: Any, sheet: Any, fields: Sequence[Field], rows: int) -> None:
    """Red where a row was begun and a needed cell is empty."""
    red, last = book.add_format({"bg_color": "#F8CBAD"}), xl_col_to_name(len(fields) - 1)
    for column, field in enumerate(fields):
        if field.name in _REQUIRED:
            letter = xl_col_to_name(column)
            criteria = f'=AND(COUNTA($A2:${last}2)>0,{letter}2="")'
            sheet.conditional_format(1, column, rows, column, {"type": "formula", "criteria": criteria, "format": red})
