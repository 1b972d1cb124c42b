"""Packets exchanged with other bureaus: whose keys are known, what was sent and came, what replies said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import packet_answer, packet_child, packet_event, packet_party

Direction = Literal["sent", "received"]
State = Literal["own", "added", "removed"]


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party and its public keys (hexadecimal)."""

    party: str
    state: str
    signing_key: str
    sealing_key: str
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Event:
    """One envelope made or opened here. ``about``: the packet it is about; a packet's is its own number."""

    kind: str
    direction: Direction
    number: str
    about: str
    role: str
    party: str  # the other one
    period: str
    release: int
    rows: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event, with when and by whom."""

    event: Event
    os_user: str
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply says of one child of a packet. ``token`` is the child's in that packet alone."""

    token: str
    answer: str  # of a hukou: confirmed | denied | corrected; of a claim: accepted | granted | refused
    division_code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """The newest answer about one child of a packet."""

    number: str
    party: str
    child_id: str
    answer: str
    division_code: str | None
    reason: str | None
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Request:
    """One child of a packet that asks for something, and the newest answer; None where there is none."""

    child_id: str
    number: str
    party: str
    period: str
    sent_at: datetime  # UTC
    answer: str | None
    reason: str | None
    answered_at: datetime | None  # UTC


def note_party(engine: sa.Engine, party: str, state: State, signing_key: str, sealing_key: str) -> None:
    """Record that a party is this home itself, is known from now on, or no more."""
    with writing(engine) as connection:
        connection.execute(
            packet_party.insert().values(
                party=party, state=state, signing_key=signing_key, sealing_key=sealing_key, os_user=os_user(), at=now()
            )
        )


def read_parties(engine: sa.Engine) -> list[KnownParty]:
    """Read what holds of each party, by name: its newest row; a home that changed its name is only the last one."""
    newest = sa.select(sa.func.max(packet_party.c.id)).group_by(packet_party.c.party)
    query = (
        sa.select(*(packet_party.c[name] for name in KnownParty.__slots__))
        .where(packet_party.c.id.in_(newest))
        .order_by(packet_party.c.id)
    )
    with engine.connect() as connection:
        rows = [KnownParty(*row) for row in connection.execute(query).all()]
    last_own = next((row for row in reversed(rows) if row.state == "own"), None)
    return sorted((row for row in rows if row.state != "own" or row is last_own), key=lambda row: row.party)


def note(
    engine: sa.Engine,
    event: Event,
    children: Mapping[str, str] | None = None,
    answers: Iterable[Answer] = (),
) -> None:
    """Record an envelope, with the children of a packet by token, or the answers of a reply: all or nothing."""
    moment = now()
    with writing(engine) as connection:
        connection.execute(packet_event.insert().values(**asdict(event), os_user=os_user(), at=moment))
        tied = [
            {"number": event.number, "token": token, "child_id": child} for token, child in (children or {}).items()
        ]
        if tied:
            connection.execute(packet_child.insert(), tied)
        said = [{**asdict(each), "number": event.about, "reply": event.number, "at": moment} for each in answers]
        if said:
            connection.execute(packet_answer.insert(), said)


def read(engine: sa.Engine, about: str | None = None) -> list[KeptEvent]:
    """Read the envelopes about one packet, or all, oldest first."""
    columns = [packet_event.c[name] for name in Event.__slots__]
    query = sa.select(*columns, packet_event.c.os_user, packet_event.c.at).order_by(packet_event.c.id)
    if about is not None:
        query = query.where(packet_event.c.about == about)
    with engine.connect() as connection:
        return [KeptEvent(Event(*row[:-2]), *row[-2:]) for row in connection.execute(query).all()]


def tokens(engine: sa.Engine, number: str) -> frozenset[str]:
    """The tokens of a packet that was sent."""
    query = sa.select(packet_child.c.token).where(packet_child.c.number == number)
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())


def read_answers(engine: sa.Engine, period: str) -> list[ChildAnswer]:
    """The newest answer about each child of a period's packets that weren't recalled, by packet and child."""
    newest = sa.select(sa.func.max(packet_answer.c.id)).group_by(packet_answer.c.number, packet_answer.c.token)
    recalled = sa.select(packet_event.c.about).where(
        packet_event.c.kind == "recall", packet_event.c.direction == "sent"
    )
    sent = sa.and_(
        packet_event.c.number == packet_answer.c.number,
        packet_event.c.direction == "sent",
        packet_event.c.kind == "packet",
    )
    tied = sa.and_(packet_child.c.number == packet_answer.c.number, packet_child.c.token == packet_answer.c.token)
    query = (
        sa.select(
            *(packet_answer.c.number, packet_event.c.party, packet_child.c.child_id, packet_answer.c.answer),
            *(packet_answer.c.division_code, packet_answer.c.reason, packet_answer.c.at),
        )
        .join(packet_event, sent)
        .join(packet_child, tied)
        .where(packet_answer.c.id.in_(newest), packet_event.c.period == period, packet_answer.c.number.not_in(recalled))
        .order_by(packet_answer.c.number, packet_child.c.child_id)
    )
    with engine.connect() as connection:
        return [ChildAnswer(*row) for row in connection.execute(query).all()]


def read_requests(engine: sa.Engine, role: str) -> list[Request]:
    """Every child of packets sent to this kind of recipient and not recalled, with the newest answer about it."""
    newest = (
        sa.select(packet_answer.c.number, packet_answer.c.token, sa.func.max(packet_answer.c.id).label("id"))
        .group_by(packet_answer.c.number, packet_answer.c.token)
        .subquery()
    )
    recalled = sa.select(packet_event.c.about).where(
        packet_event.c.kind == "recall", packet_event.c.direction == "sent"
    )
    query = (
        sa.select(
            *(packet_child.c.child_id, packet_event.c.number, packet_event.c.party, packet_event.c.period),
            *(packet_event.c.at, packet_answer.c.answer, packet_answer.c.reason, packet_answer.c.at),
        )
        .join(packet_child, packet_child.c.number == packet_event.c.number)
        .outerjoin(newest, sa.and_(newest.c.number == packet_child.c.number, newest.c.token == packet_child.c.token))
        .outerjoin(packet_answer, packet_answer.c.id == newest.c.id)
        .where(
            *(packet_event.c.kind == "packet", packet_event.c.direction == "sent", packet_event.c.role == role),
            packet_event.c.number.not_in(recalled),
        )
        .order_by(packet_event.c.id, packet_child.c.child_id)
    )
    with engine.connect() as connection:
        return [Request(*row) for row in connection.execute(query).all()]


def read_hukou_answers(engine: sa.Engine, period: str) -> pa.Table:
    """What hukou counties said of the hukou of children told of up to a period, newest last: ``prior.hukou_answer``.

    Columns: answer_id, number of the packet, party that answered, child_id, answer, division_code, said_on.
    """
    said = [each for key in _periods(engine, period) for each in read_answers(engine, key)]
    rows = sorted(
        (each for each in said if each.answer in ("confirmed", "denied", "corrected")),
        key=lambda each: (each.at, each.number, each.child_id),
    )
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "answer_id": (pa.int64(), list(range(1, len(rows) + 1))),
        "number": (pa.string(), [each.number for each in rows]),
        "party": (pa.string(), [each.party for each in rows]),
        "child_id": (pa.string(), [each.child_id for each in rows]),
        "answer": (pa.string(), [each.answer for each in rows]),
        "division_code": (pa.string(), [each.division_code for each in rows]),
        "said_on": (pa.date32(), [each.at.date() for each in rows]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _periods(engine: sa.Engine, until: str) -> list[str]:
    """Periods of packets that were sent, up to one."""
    query = sa.select(packet_event.c.period).where(packet_event.c.period <= until).distinct()
    with engine.connect() as connection:
        return sorted(connection.execute(query).scalars())


def count_answers(engine: sa.Engine, numbers: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many children of each packet were confirmed, denied, corrected, by their newest answer."""
    newest = sa.select(sa.func.max(packet_answer.c.id)).group_by(packet_answer.c.number, packet_answer.c.token)
    query = (
        sa.select(packet_answer.c.number, packet_answer.c.answer, sa.func.count())
        .where(packet_answer.c.id.in_(newest), packet_answer.c.number.in_(list(numbers)))
        .group_by(packet_answer.c.number, packet_answer.c.answer)
    )
    counted: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for number, answer, children in connection.execute(query).all():
            counted.setdefault(number, {})[answer] = children
    return counted
