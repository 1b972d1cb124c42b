"""The form for those who ask for help themselves (主动求助): an empty workbook that is read as a delivery of visits.

Its sheet and headings are those of the feed ``civil_affairs.field_visit`` as the site has it, so that the filled form
lands without anybody retyping it. Lists to choose from keep clerks to the words that the feed decodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reporting.whole import whole

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
_HELP = (
    "谁可以登记：主动提出救助帮扶需求、离开户籍所在乡镇（街道）的儿童，不要求跨县。",
    "一行一名儿童，一次求助一行；黄色列必填。",
    "户籍地、居住地区划填到乡镇（街道）：9 位或 12 位代码，否则判断不了是否跨乡镇。",
    "有下拉列表的列请从列表中选择；日期写 2026-06-30。",
    "“发现问题”“需求”“解决情况”中不要写姓名、身份证号、电话。",
    "填好后不改工作表名称和表头，文件名以“入户登记”开头，放入收件目录本期的 civil_affairs 文件夹，下次运行时读入。",
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
    with whole(out) as half, xlsxwriter.Workbook(half) as book:
        _write_form(book, sheet_name, fields, rows)
        sheet = book.add_worksheet("填写说明")
        sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        sheet.write_string(0, 0, "主动求助儿童登记表：填写说明", book.add_format({"bold": True, "font_size": 14}))
        for at, line in enumerate(_HELP, 1):
            sheet.set_row(at, 34 if len(line) > 52 else 18)
            sheet.write_string(at, 0, f"{at}. {line}")


def _write_form(book: Any, sheet_name: str, fields: Sequence[Field], rows: int) -> None:
    sheet = book.add_worksheet(sheet_name)
    plain = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    heading, needed = (
        book.add_format({**plain, "bg_color": "#DDE6F0"}),
        book.add_format({**plain, "bg_color": "#FFF2CC"}),
    )
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        width = max(_WIDTHS.get(field.type, 10), 2 * len(field.header) + 2)
        sheet.set_column(column, column, width, day if field.type == "date" else text)
        sheet.write_string(0, column, field.header, needed if field.name in _REQUIRED else heading)
        check = {**_check(field, xl_col_to_name(column)), **_hint(field)}
        sheet.data_validation(1, column, rows, column, check)
    _mark_missing(book, sheet, fields, rows)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


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
