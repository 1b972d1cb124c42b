"""What hukou counties were asked to take on (协调户籍地纳入保障), child by child, and how long each is waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import duckdb
import sqlalchemy as sa

from reporting.packets import recipients
from warehouse import child_ids
from warehouse.stores import packets

ROLE = "hukou_claims"
State = Literal["waiting", "late", "accepted", "granted", "refused"]
_SETTLED = ("granted", "refused")  # taken on is no answer yet


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """The newest request about a child, under its id of today. ``waiting_days``: None once it is settled."""

    child_id: str
    number: str
    party: str
    asked_on: date
    due_on: date
    state: State
    waiting_days: int | None
    reason: str | None
    answered_on: date | None


def read(con: duckdb.DuckDBPyConnection, stores: sa.Engine, today: date) -> list[ClaimRequest]:
    """Every child that some hukou county was asked about, by the ids of the release that ``con`` reads."""
    became = child_ids.redirects(con)
    within = timedelta(days=recipients.get(ROLE).answer_within_days or 0)
    newest: dict[str, ClaimRequest] = {}
    for each in packets.read_requests(stores, ROLE):  # oldest first
        child = became.get(each.child_id, each.child_id)
        newest[child] = _standing(child, each, within, today)
    return list(newest.values())


def _standing(child: str, of: packets.Request, within: timedelta, today: date) -> ClaimRequest:
    asked_on = of.sent_at.date()
    due_on = asked_on + within
    is_settled = of.answer in _SETTLED
    return ClaimRequest(
        *(child, of.number, of.party, asked_on, due_on, _state(of.answer, is_late=today > due_on)),
        *(None if is_settled else (today - asked_on).days, of.reason, of.answered_at and of.answered_at.date()),
    )


def _state(answer: str | None, *, is_late: bool) -> State:
    if answer == "granted":
        return "granted"
    if answer == "refused":
        return "refused"
    if is_late:
        return "late"
    return "accepted" if answer == "accepted" else "waiting"
