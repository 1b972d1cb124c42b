"""People's words that what a notice asks for by a day was done."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import obligation_met


@dataclass(frozen=True, slots=True)
class Met:
    """One such word. ``obligation`` is its name in the calendar."""

    obligation: str
    due_on: date
    met_on: date
    reason: str
    os_user: str
    at: datetime  # UTC


def note(engine: sa.Engine, obligation: str, due_on: date, met_on: date, reason: str) -> None:
    """Keep the word of this user, with what was done, which may not be empty."""
    if not reason.strip():
        raise ValueError("Say what was done; it is what an inspection reads.")
    with writing(engine) as connection:
        connection.execute(
            obligation_met.insert().values(
                obligation=obligation,
                due_on=due_on,
                met_on=met_on,
                reason=reason.strip(),
                os_user=os_user(),
                at=now(),
            )
        )


def read(engine: sa.Engine) -> list[Met]:
    """Read all, oldest first."""
    query = sa.select(*(obligation_met.c[name] for name in Met.__slots__)).order_by(obligation_met.c.id)
    with engine.connect() as connection:
        return [Met(*row) for row in connection.execute(query).all()]
