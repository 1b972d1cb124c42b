"""The workbook that a packet becomes at its recipient: a cover that says what it is, and the list to answer in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from policy import divisions
from policy.period import Period
from reporting import basis
from reporting.packets import answers, parties
from reporting.packets.envelope import Header
from reporting.packets.recipients import FIELDS, Recipient, get

COVER, LIST = "封面", "名单"
_WIDTHS = {"name": 14, "sex": 6, "born_on": 12, "citizen_no": 21, "residing_since": 12}
_PLACES = ("hukou_county", "residence_county", "residence_township")
_PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def render(header: Header, fields: Sequence[str], rows: Sequence[Sequence[str | None]]) -> bytes:
    """The workbook's bytes. Every cell is text, so that Excel shortens no number."""
    recipient, raw = get(header.role), io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True, **_PLAIN}) as book:
        _write_cover(book, header, recipient)
        _write_list(book, header, recipient, fields, rows)
    return raw.getvalue()


def _write_cover(book: Any, header: Header, recipient: Recipient) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 96)
    name = book.add_format({"bold": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, "流动儿童信息数据包", book.add_format({"bold": True, "font_size": 16}))
    sender = header.sender.partition(".")[0]
    for at, (title, text) in enumerate(
        [
            (answers.NUMBER, header.number),
            ("发送单位", _party(header.sender, header)),
            ("接收单位", _party(header.recipient, header)),
            ("期别", f"{header.period}（基准日 {Period(header.period).as_of}）"),
            ("儿童数", f"{header.rows}"),
            ("生成时间", f"{header.made_at}（UTC），发送方第 {header.release} 次发布"),
            ("用途", recipient.purpose),
            ("依据", "\n".join(basis.told(recipient.clauses, sender))),
            ("保管", recipient.keep),
            ("如何答复", _how(recipient)),
        ],
        2,
    ):
        sheet.write_string(at, 0, title, name)
        sheet.write_string(at, 1, text, words)


def _party(name: str, header: Header) -> str:
    return f"{parties.title(name, Period(header.period).as_of)}  {name}"


def _how(recipient: Recipient) -> str:
    if not recipient.answers:
        return "无需答复；请把打开时生成的回执文件（…_receipt.packet）发回发送单位。"
    return (
        f"在“{LIST}”表的“{answers.ANSWER}”列逐人选择{_also(recipient)}。"
        "可以分几次答复，后一次的为准。填好后运行 childindex packet reply 本文件 --out 文件夹，"
        "把生成的文件发回发送单位。"
    )


def _also(recipient: Recipient) -> str:
    if recipient.answers != "hukou":
        return ""
    return f"；选“{answers.CORRECTED}”的，填写“{answers.DIVISION}”（六位以上区划代码）"


def _write_list(
    book: Any, header: Header, recipient: Recipient, fields: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> None:
    sheet = book.add_worksheet(LIST)
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "num_format": "@"})
    to_fill = book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "num_format": "@"})
    kind = answers.ASKED[recipient.answers] if recipient.answers else None
    titles = [answers.TOKEN, *(FIELDS[field] for field in fields)]
    asked = list(kind.columns) if kind else []
    for column, title in enumerate(titles + asked):
        sheet.write_string(0, column, title, to_fill if title in asked else heading)
    widths = [19, *(_WIDTHS.get(field, 24) for field in fields), *(18 for _ in asked)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, text)
    for at, row in enumerate(rows, 1):
        for column, (field, value) in enumerate(zip(["token", *fields], row, strict=True)):
            if value is not None:
                sheet.write_string(at, column, _shown(field, value, header), text)
    sheet.freeze_panes(1, 2)
    if kind and rows:
        for title, choices in ((answers.ANSWER, kind.answers), (answers.REASON, kind.reasons)):
            column = len(titles) + asked.index(title)
            sheet.data_validation(1, column, len(rows), column, _choice(list(choices)))


def _choice(words: list[str]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": words,
        "error_title": "请从列表中选择",
        "error_message": f"只能填写：{'、'.join(words)}"[:255],
    }


def _shown(field: str, value: str, header: Header) -> str:
    """A division with its name as on the reference date; anything else as it came."""
    if field not in _PLACES:
        return value
    return f"{value} {divisions.load().name(value, Period(header.period).as_of)}".strip()
