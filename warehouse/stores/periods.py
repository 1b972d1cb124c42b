"""Periods that operators closed, reopened or rolled back, with their reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import period_event

Event = Literal["close", "reopen", "rollback"]


class PeriodClosed(RuntimeError):
    """The period is closed: its figures stand until somebody reopens it."""

    def __init__(self, period: str) -> None:
        super().__init__(f"{period} is closed. Reopen it first: childindex reopen --period {period} --reason …")


@dataclass(frozen=True, slots=True)
class PeriodEvent:
    """One act on a period; ``release`` is the one it concerned or made."""

    period: str
    event: str
    reason: str
    release: int | None
    os_user: str
    at: datetime  # UTC


def note(
    engine: sa.Engine, period: str, event: Event, reason: str, release: int | None = None, by: str | None = None
) -> None:
    """Record the act of ``by`` (a session's user), or of this process's, with its reason, which may not be empty."""
    if not reason.strip():
        raise ValueError(f"To {event} a period needs a reason; it is kept.")
    with writing(engine) as connection:
        connection.execute(
            period_event.insert().values(
                period=period, event=event, reason=reason.strip(), release=release, os_user=by or os_user(), at=now()
            )
        )


def read(engine: sa.Engine, period: str | None = None) -> list[PeriodEvent]:
    """Read the acts on one period or all, oldest first."""
    query = sa.select(*(period_event.c[name] for name in PeriodEvent.__slots__)).order_by(period_event.c.id)
    if period is not None:
        query = query.where(period_event.c.period == period)
    with engine.connect() as connection:
        return [PeriodEvent(*row) for row in connection.execute(query).all()]


def is_closed(engine: sa.Engine, period: str) -> bool:
    """Say if the period was closed and not reopened since."""
    shutting = [each.event for each in read(engine, period) if each.event in ("close", "reopen")]
    return bool(shutting) and shutting[-1] == "close"


def check_open(engine: sa.Engine, period: str) -> None:
    """Raise :class:`PeriodClosed` where it is."""
    if is_closed(engine, period):
        raise PeriodClosed(period)
