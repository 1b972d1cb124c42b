"""Opening what came: each envelope once, and only what belongs to something that was exchanged before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reporting.packets import answers as replies
from reporting.packets import desk as desks
from reporting.packets import envelope, recipients, workbook
from reporting.packets.desk import Desk
from reporting.packets.envelope import Header
from reporting.packets.errors import AlreadyOpened, NotOurs, PartyFault, ReplyFaulty, Tampered, WasRecalled
from reporting.packets.recipients import FIELDS
from warehouse.stores import packets
from warehouse.stores.packets import Answer, KeptEvent

_Cell = Annotated[str, Field(max_length=400)] | None
_Token = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PacketContent(_Content):
    """A packet's children: fields, and for each child its token and the fields' values."""

    fields: tuple[str, ...]
    rows: tuple[tuple[_Cell, ...], ...]


class _ReceiptContent(_Content):
    content_sha256: str
    rows: int
    opened_at: str


class _RecallContent(_Content):
    reason: Annotated[str, Field(max_length=2000)]


class _Answer(_Content):
    token: _Token
    answer: Literal["confirmed", "denied", "corrected", "accepted", "granted", "refused"]
    division_code: Annotated[str, Field(pattern=r"^[0-9]{6,12}$")] | None
    reason: Literal["not_found", "moved_out", "mixed_up", "incomplete", "other"] | None


class _ReplyContent(_Content):
    answers: tuple[_Answer, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening. ``written``: files made here; ``reason``: a recall's, in the sender's words."""

    header: Header
    written: tuple[Path, ...] = ()
    counted: tuple[tuple[str, int], ...] = ()  # a reply's answers by kind
    reason: str = ""
    was_open: bool = False  # a recall of a packet that had been opened already


def open_file(desk: Desk, file: Path, folder: Path) -> Opened:
    """Open an envelope of any kind, whatever its file is called; a :class:`PacketRefused` takes nothing of it."""
    header, content = envelope.unseal(file.name, file.read_bytes(), desk.own, desk.secrets, desk.known)
    events = packets.read(desk.stores, header.about or header.number)
    _expect_new(file.name, header, events)
    try:
        given = json.loads(content)
        if header.kind == "packet":
            return _open_packet(desk, file.name, header, PacketContent.model_validate(given), folder)
        if header.kind == "receipt":
            return _open_receipt(desk, file.name, header, _ReceiptContent.model_validate(given), events)
        if header.kind == "reply":
            return _open_reply(desk, file.name, header, _ReplyContent.model_validate(given), events)
        return _open_recall(desk, file.name, header, _RecallContent.model_validate(given), events, folder)
    except (ValidationError, json.JSONDecodeError):
        raise Tampered(file.name, f"the content of this {header.kind}: it has another shape than agreed, and") from None


def _expect_new(file: str, header: Header, events: Sequence[KeptEvent]) -> None:
    for kept in events:
        event = kept.event
        if not _came_from(kept, header.sender):
            continue
        if event.kind == "recall" and header.kind == "packet":
            raise WasRecalled(file, header.number, f"{kept.at:%Y-%m-%d}")
        if event.number == header.number:
            raise AlreadyOpened(file, header.number, f"{kept.at:%Y-%m-%d}")


def _open_packet(desk: Desk, file: str, header: Header, content: PacketContent, folder: Path) -> Opened:
    tokens = [row[0] for row in content.rows if row]
    is_whole = (
        len(content.rows) == header.rows == len(set(tokens))
        and set(content.fields) <= set(FIELDS)
        and all(len(row) == len(content.fields) + 1 for row in content.rows)
    )
    if not is_whole:
        raise Tampered(file, "the list: it has other rows or fields than its header says, and")
    out = folder / f"{header.number}.xlsx"
    half = desks.write_aside(out, workbook.render(header, content.fields, content.rows))
    try:
        _remember(desk, file, header)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return Opened(header, (out, receipt(desk, header.number, folder)))


def _open_receipt(
    desk: Desk, file: str, header: Header, content: _ReceiptContent, events: Sequence[KeptEvent]
) -> Opened:
    """A receipt is of the packet, or of the recall that went after it; the digest says which."""
    kinds = {each.event.content_sha256: each.event for each in events if _is_sent_to(each, header.sender)}
    if content.content_sha256 not in kinds:
        raise NotOurs(file, "receipt", str(header.about), "nothing with this digest was sent to them")
    _remember(desk, file, header)
    return Opened(header)


def _open_reply(desk: Desk, file: str, header: Header, content: _ReplyContent, events: Sequence[KeptEvent]) -> Opened:
    sent = next((e.event for e in events if e.event.kind == "packet" and _is_sent_to(e, header.sender)), None)
    if sent is None:
        raise NotOurs(file, "reply", str(header.about), "no packet of this number was sent to them")
    if any(each.event.kind == "recall" and _is_sent_to(each, header.sender) for each in events):
        raise NotOurs(file, "reply", str(header.about), "that packet was recalled")
    known = packets.tokens(desk.stores, str(header.about))
    kind = recipients.get(sent.role).answers
    words = replies.ASKED[kind].answers.values() if kind else ()
    times = Counter(each.token for each in content.answers)
    strange = [
        str(at)
        for at, each in enumerate(content.answers, 1)
        if each.token not in known or times[each.token] > 1 or each.answer not in words
    ]
    if strange or len(content.answers) != header.rows:
        raise ReplyFaulty(
            file, [f"第 {at} 条不属于该数据包、重复或不是约定的答复" for at in strange] or ["行数与信封不符"]
        )
    said = [Answer(each.token, each.answer, each.division_code, each.reason) for each in content.answers]
    _remember(desk, file, header, said)
    counted = Counter(each.answer for each in said)
    return Opened(header, counted=tuple(sorted(counted.items())))


def _open_recall(
    desk: Desk, file: str, header: Header, content: _RecallContent, events: Sequence[KeptEvent], folder: Path
) -> Opened:
    if not str(header.about).startswith(f"{header.sender}-"):
        raise NotOurs(file, "recall", str(header.about), "a packet is recalled by its sender alone")
    _remember(desk, file, header)
    was_open = any(each.event.kind == "packet" and _came_from(each, header.sender) for each in events)
    return Opened(header, (receipt(desk, header.number, folder),), reason=content.reason, was_open=was_open)


def receipt(desk: Desk, number: str, folder: Path) -> Path:
    """Make a signed receipt of a packet or recall that was opened here, for its sender."""
    came = next(
        (
            each
            for each in packets.read(desk.stores)
            if each.event.number == number
            and each.event.direction == "received"
            and each.event.kind in ("packet", "recall")
        ),
        None,
    )
    if came is None:
        raise PartyFault(
            f"{number}: 没有打开过这个编号的数据包 no packet of this number was opened here. "
            "See `childindex packet status`."
        )
    event = came.event
    content = {
        "content_sha256": event.content_sha256,
        "rows": event.rows,
        "opened_at": came.at.isoformat(timespec="seconds"),
    }
    return desks.send(
        *(desk, "receipt", desk.recipient(event.party), content, folder),
        number=desks.number(desk.own.name, event.period),
        about=event.about,
        role=event.role,
        period=event.period,
        release=event.release,
        rows=event.rows,
    )


def reply(desk: Desk, filled: Path, folder: Path) -> tuple[Path, int]:
    """Seal the answers that a clerk filled in, for the sender of the packet; return the file and how many answers."""
    sheet = replies.load(filled)
    number = sheet.number
    events = packets.read(desk.stores, number)
    came = next((each.event for each in events if each.event.number == number), None)
    if came is None or came.direction != "received" or came.kind != "packet":
        raise PartyFault(
            f"{filled.name}: 不是在本单位打开的数据包的工作簿 names packet {number}, which wasn't opened here. "
            "Fill in the workbook made here."
        )
    if recalled := next(
        (each for each in events if each.event.kind == "recall" and _came_from(each, came.party)), None
    ):
        raise WasRecalled(filled.name, number, f"{recalled.at:%Y-%m-%d}")
    kind = recipients.get(came.role).answers
    said = replies.read(sheet, replies.ASKED[kind]) if kind else []
    if not said:
        raise ReplyFaulty(filled.name, ["“答复”列全部为空 no answer is filled in"])
    content = {
        "answers": [
            {"token": each.token, "answer": each.answer, "division_code": each.division_code, "reason": each.reason}
            for each in said
        ]
    }
    file = desks.send(
        *(desk, "reply", desk.recipient(came.party), content, folder),
        number=desks.number(desk.own.name, came.period),
        about=number,
        role=came.role,
        period=came.period,
        release=came.release,
        rows=len(said),
    )
    return file, len(said)


def _is_sent_to(kept: KeptEvent, party: str) -> bool:
    return kept.event.direction == "sent" and kept.event.party == party


def _came_from(kept: KeptEvent, party: str) -> bool:
    return kept.event.direction == "received" and kept.event.party == party


def _remember(desk: Desk, file: str, header: Header, said: Sequence[Answer] = ()) -> None:
    """Record it; where another process opened the same envelope a moment ago, that one holds."""
    try:
        packets.note(desk.stores, desks.received(header), answers=said)
    except sa.exc.IntegrityError:
        raise AlreadyOpened(file, header.number, "this very moment") from None
