"""Whose a case is until it is decided, unlike a claim, which says who works on it now; and who is away meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from warehouse.stores import audit
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import absence, case_assignment
from warehouse.stores.engine import now, take_turn, writing


class AbsenceFault(ValueError):
    """Nobody can be away so; ``why`` is a word of ``words/away.yml``."""

    def __init__(self, why: str) -> None:
        super().__init__(f"absence: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Assignment:
    """A case and whose it is since; None is nobody's."""

    id: int
    case_id: int
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away from a day to another, that one too, and who takes their cases; nobody in particular where None."""

    username: str
    deputy: str | None
    from_on: date
    until_on: date

    def covers(self, day: date) -> bool:
        """Whether they are away on it."""
        return self.from_on <= day <= self.until_on


def assign(engine: sa.Engine, by: Actor, period: str, case_ids: Collection[int], to: str | None) -> None:
    """Make these cases somebody's, or nobody's; whether they may see them is the caller's to ask."""
    if not case_ids:
        return
    at = now()
    rows = [
        {"period": period, "case_id": case_id, "assignee": to, "assigned_by": by.username, "at": at}
        for case_id in sorted(case_ids)
    ]
    with writing(engine) as connection:
        connection.execute(case_assignment.insert(), rows)
        told = {"to": to, "cases": len(rows)}
        audit.append(connection, by.username, "cases assigned", f"cases {period}", detail=told)


def read(engine: sa.Engine, period: str, after: int = 0) -> list[Assignment]:
    """What was assigned since the row ``after``, in order: the last of a case holds."""
    columns = (case_assignment.c.id, case_assignment.c.case_id, case_assignment.c.assignee)
    where = (case_assignment.c.period == period) & (case_assignment.c.id > after)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(*columns).where(where).order_by(case_assignment.c.id)).all()
    return [Assignment(*row) for row in rows]


def set_away(engine: sa.Engine, by: Actor, made: Absence) -> None:
    """Say when somebody is away; it takes the place of what was said before. Raises :class:`AbsenceFault`."""
    if made.until_on < made.from_on:
        raise AbsenceFault("backwards")
    if made.deputy == made.username:
        raise AbsenceFault("own_deputy")
    with writing(engine) as connection:
        take_turn(connection)
        values = {name: getattr(made, name) for name in Absence.__slots__}
        connection.execute(absence.insert().values(values | {"set_by": by.username, "at": now()}))
        told = {"from": str(made.from_on), "until": str(made.until_on), "deputy": made.deputy}
        audit.append(connection, by.username, "absence set", f"account {made.username}", detail=told)


def absences(engine: sa.Engine) -> dict[str, Absence]:
    """What was last said of everybody's absence, by user, past and to come."""
    newest = sa.select(sa.func.max(absence.c.id)).group_by(absence.c.username)
    query = sa.select(*(absence.c[name] for name in Absence.__slots__)).where(absence.c.id.in_(newest))
    with engine.connect() as connection:
        return {row.username: Absence(*row) for row in connection.execute(query.order_by(absence.c.username))}


def stands_in(username: str | None, known: dict[str, Absence], day: date) -> str | None:
    """Who has somebody's cases on a day: they themselves, or who stands in for them; nobody where all are away."""
    met: set[str] = set()
    while username is not None and username in known and known[username].covers(day):
        if username in met:
            return None
        met.add(username)
        username = known[username].deputy
    return username
