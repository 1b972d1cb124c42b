"""How each packet stands: receipted, answered, recalled, and how long it has been waiting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from warehouse.stores.packets import KeptEvent


@dataclass(frozen=True, slots=True)
class Standing:
    """One packet. ``waiting_days``: since it was made or opened, where something is still due from somebody."""

    number: str
    direction: str
    role: str
    party: str  # the other one
    period: str
    rows: int
    at: datetime  # made or opened, UTC
    receipted_at: datetime | None
    recalled_at: datetime | None
    answers: Mapping[str, int]  # children by answer, of a packet sent
    waiting_days: int | None
    due_on: date | None  # the answer, where one is asked for and still to come


def of(
    events: Iterable[KeptEvent], answers: Mapping[str, Mapping[str, int]], asks: Mapping[str, int], now: datetime
) -> list[Standing]:
    """Packets in the order they were made or opened. ``asks``: within how many days recipients answer, by role."""
    kept = list(events)
    return [_standing(each, kept, answers, asks, now) for each in kept if each.event.kind == "packet"]


def _standing(
    packet: KeptEvent,
    kept: Sequence[KeptEvent],
    answers: Mapping[str, Mapping[str, int]],
    asks: Mapping[str, int],
    now: datetime,
) -> Standing:
    event = packet.event
    about = [each for each in kept if each.event.about == event.number and each.event.kind != "packet"]
    receipted = [each.at for each in about if each.event.kind == "receipt"]
    recalled = [each.at for each in about if each.event.kind == "recall"]
    told = answers.get(event.number, {}) if event.direction == "sent" else {}
    replied = any(each.event.kind == "reply" for each in about)
    settled = sum(children for answer, children in told.items() if answer != "accepted")  # taken on is no answer yet
    is_answered = settled == event.rows if event.direction == "sent" else replied
    is_done = bool(receipted) and (event.role not in asks or is_answered)
    waiting = None if recalled or is_done else (now - packet.at).days
    return Standing(
        *(event.number, event.direction, event.role, event.party, event.period, event.rows, packet.at),
        *(min(receipted, default=None), min(recalled, default=None), dict(told), waiting),
        packet.at.date() + timedelta(days=asks[event.role]) if waiting is not None and event.role in asks else None,
    )
