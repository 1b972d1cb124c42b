"""Leave to see full identifiers of some counties' children for a time: asked for by one person, given by another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse.stores import audit, free_text
from warehouse.stores.access_tables import identifier_grant, identifier_grant_answer
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now, take_turn, writing

LONGEST = 7 * 24 * 60  # minutes


class GrantFault(ValueError):
    """A grant can't be asked for or answered so; the message says why."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A request and what became of it. ``is_approved`` is None until somebody else answered."""

    id: int
    username: str
    counties: tuple[str, ...]
    minutes: int
    purpose: str
    at: datetime  # UTC, as all here
    is_approved: bool | None
    until: datetime | None
    reason: str | None
    answered_by: str | None

    def holds(self, at: datetime) -> bool:
        """Whether identifiers may be seen by it at that time."""
        return bool(self.is_approved) and self.until is not None and at < self.until


def request(engine: sa.Engine, by: Actor, counties: tuple[str, ...], minutes: int, purpose: str) -> int:
    """Ask for leave; gives the grant's number. Whether the asker's own counties cover those asked is the caller's."""
    if not 1 <= minutes <= LONGEST:
        raise GrantFault(f"minutes: expected 1 to {LONGEST} (seven days), found {minutes}.")
    if not counties:
        raise GrantFault("counties: a grant names the counties whose children it is about.")
    values = {
        "username": by.username,
        "counties": sorted(counties),
        "minutes": minutes,
        "purpose": free_text.checked(purpose, "purpose"),
        "at": now(),
    }
    with writing(engine) as connection:
        made = connection.execute(identifier_grant.insert().values(values))
        (number,) = made.inserted_primary_key or (0,)
        told = {"counties": sorted(counties), "minutes": minutes}
        audit.append(connection, by.username, "grant asked", f"grant {number}", detail=told)
    return int(number)


def answer(engine: sa.Engine, by: Actor, number: int, *, approve: bool, reason: str) -> Grant:
    """Approve or refuse; its time runs from now. Raises :class:`GrantFault` for one's own, and for one answered."""
    words = free_text.checked(reason, "reason")
    with writing(engine) as connection:
        take_turn(connection)
        asked = _read(connection, identifier_grant.c.id == number)
        if not asked:
            raise GrantFault("没有这条申请。 No such request.")
        (grant,) = asked
        if grant.username == by.username:
            raise GrantFault("不能审批本人的申请。 Nobody answers their own request; another approver must.")
        if grant.is_approved is not None:
            raise GrantFault(f"已由 {grant.answered_by} 处理。 It was answered before; ask anew.")
        at = now()
        values = {
            "grant_id": number,
            "is_approved": approve,
            "until": at + timedelta(minutes=grant.minutes) if approve else None,
            "reason": words,
            "answered_by": by.username,
            "at": at,
        }
        connection.execute(identifier_grant_answer.insert().values(values))
        act = "grant approved" if approve else "grant refused"
        audit.append(connection, by.username, act, f"grant {number}", detail={"of": grant.username})
        (answered,) = _read(connection, identifier_grant.c.id == number)
    return answered


def holding(engine: sa.Engine, username: str) -> list[Grant]:
    """The user's grants that hold now."""
    at = now()
    with engine.connect() as connection:
        found = _read(connection, (identifier_grant.c.username == username) & (identifier_grant_answer.c.until > at))
    return [grant for grant in found if grant.holds(at)]


def read(engine: sa.Engine, *, open_only: bool = False) -> list[Grant]:
    """All requests, newest first; ``open_only``: those that nobody answered."""
    where = identifier_grant_answer.c.grant_id.is_(None) if open_only else sa.true()
    with engine.connect() as connection:
        return _read(connection, where)


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Grant]:
    answered = {"is_approved", "until", "reason", "answered_by"}
    columns: list[sa.Column[Any]] = [
        identifier_grant_answer.c[name] if name in answered else identifier_grant.c[name] for name in Grant.__slots__
    ]
    both = identifier_grant.outerjoin(
        identifier_grant_answer, identifier_grant_answer.c.grant_id == identifier_grant.c.id
    )
    rows = connection.execute(
        sa.select(*columns).select_from(both).where(where).order_by(identifier_grant.c.id.desc())
    ).all()
    return [Grant(**dict(row._mapping) | {"counties": tuple(row.counties)}) for row in rows]
