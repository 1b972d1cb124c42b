"""The workbook that a packet becomes at its recipient: a cover that says what it is, and the list to answer in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from policy import divisions
from policy.period import Period
from reporting import basis, sheets
from reporting.packets import answers, parties
from reporting.packets.envelope import Header
from reporting.packets.recipients import FIELDS, Recipient, get
from reporting.sheets import Book, Heading

COVER, LIST = "封面", "名单"
_WIDTHS = {"name": 12, "sex": 6, "born_on": 12, "citizen_no": 21, "residing_since": 12}
_COUNTIES = ("hukou_county", "residence_county")


def render(header: Header, fields: Sequence[str], rows: Sequence[Sequence[str | None]]) -> bytes:
    """The workbook's bytes. Every cell is text, so that Excel shortens no number."""
    recipient, raw = get(header.role), io.BytesIO()
    footer = f"流动儿童信息数据包 {header.number} · 内部资料，含儿童信息"
    with xlsxwriter.Workbook(raw, {"in_memory": True, **sheets.PLAIN}) as made:
        book = sheets.Book(made)
        _write_cover(book, book.sheet(COVER, footer), header, recipient)
        _write_list(book, book.sheet(LIST, footer), header, recipient, fields, rows)
    return raw.getvalue()


def _write_cover(book: Book, sheet: Any, header: Header, recipient: Recipient) -> None:
    sender = header.sender.partition(".")[0]
    lines = [
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
    ]
    book.cover(sheet, "流动儿童信息数据包", lines)


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
    book: Book,
    sheet: Any,
    header: Header,
    recipient: Recipient,
    fields: Sequence[str],
    rows: Sequence[Sequence[str | None]],
) -> None:
    kind = answers.ASKED[recipient.answers] if recipient.answers else None
    asked = list(kind.columns) if kind else []
    told = [Heading(answers.TOKEN, 19), *(Heading(FIELDS[field], _WIDTHS.get(field, 22)) for field in fields)]
    shown = (
        [
            *(value and _shown(field, value, header) for field, value in zip(["token", *fields], row, strict=True)),
            *("" for _ in asked),
        ]
        for row in rows
    )
    book.table(sheet, 0, [*told, *(Heading(title, 16) for title in asked)], shown)
    for column, title in enumerate(asked, len(told)):
        sheet.write_string(0, column, title, book.to_fill)
    sheet.freeze_panes(1, 2)
    if kind and rows:
        for title, choices in ((answers.ANSWER, kind.answers), (answers.REASON, kind.reasons)):
            column = len(told) + asked.index(title)
            sheet.data_validation(1, column, len(rows), column, _choice(list(choices)))


def _choice(words: list[str]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": words,
        "error_title": "请从列表中选择",
        "error_message": f"只能填写：{'、'.join(words)}"[:255],
    }


def _shown(field: str, value: str, header: Header) -> str:
    """A county with its name as on the reference date; anything else as it came."""
    if field not in _COUNTIES:
        return value
    return f"{value} {divisions.load().name(value, Period(header.period).as_of)}".strip()
