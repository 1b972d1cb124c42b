"""Which children somebody is to look after: all that an entrusted organisation's people see."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from warehouse.stores import audit, free_text
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import child_assignment
from warehouse.stores.engine import now, writing


@dataclass(frozen=True, slots=True)
class Entrusted:
    """A child that somebody looks after until a day, that one too."""

    child_id: str
    username: str
    until_on: date
    reason: str
    assigned_by: str


def entrust(engine: sa.Engine, by: Actor, made: Entrusted, child_token: str) -> None:
    """Keep whose a child is, or with a day that is past that it is no more; ``child_token``: the child in the audit."""
    values = {name: getattr(made, name) for name in Entrusted.__slots__}
    values |= {"reason": free_text.checked(made.reason, "reason"), "assigned_by": by.username, "at": now()}
    with writing(engine) as connection:
        connection.execute(child_assignment.insert().values(values))
        told = {"to": made.username, "until": str(made.until_on)}
        audit.append(connection, by.username, "child assigned", child_token, detail=told)


def of(engine: sa.Engine, username: str, day: date) -> list[Entrusted]:
    """The children that somebody looks after on a day."""
    return [each for each in _newest(engine, child_assignment.c.username == username) if day <= each.until_on]


def of_child(engine: sa.Engine, child_id: str, day: date) -> list[Entrusted]:
    """Who looks after a child on a day."""
    return [each for each in _newest(engine, child_assignment.c.child_id == child_id) if day <= each.until_on]


def _newest(engine: sa.Engine, where: sa.ColumnElement[bool]) -> list[Entrusted]:
    newest = sa.select(sa.func.max(child_assignment.c.id)).where(where)
    newest = newest.group_by(child_assignment.c.child_id, child_assignment.c.username)
    columns = (child_assignment.c[name] for name in Entrusted.__slots__)
    query = sa.select(*columns).where(child_assignment.c.id.in_(newest)).order_by(child_assignment.c.id)
    with engine.connect() as connection:
        return [Entrusted(*row) for row in connection.execute(query).all()]
